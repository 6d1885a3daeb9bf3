#include "data/importing/date_text.h"

#include <chrono>
#include <cstddef>

namespace shortlist {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes pieces from the beginning of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool Take(std::string_view what) {
    if (!text_.starts_with(what)) return false;
    text_.remove_prefix(what.size());
    return true;
  }
  // A number of at least `least` and at most `most` digits.
  std::optional<int> TakeNumber(size_t least, size_t most) {
    int number = 0;
    size_t digits = 0;
    for (; digits < most && digits < text_.size() && IsDigit(text_[digits]); ++digits)
      number = number * 10 + (text_[digits] - '0');
    if (digits < least) return std::nullopt;
    text_.remove_prefix(digits);
    return number;
  }
  // What follows a decimal point.
  double TakeFraction() {
    double fraction = 0;
    for (double unit = 0.1; !text_.empty() && IsDigit(text_[0]); unit /= 10) {
      fraction += unit * (text_[0] - '0');
      text_.remove_prefix(1);
    }
    return fraction;
  }
  bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
};

std::optional<double> SecondsOfDay(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return 86400.0 * std::chrono::sys_days{date}.time_since_epoch().count();
}

std::optional<double> SecondsOfTime(int hour, int minute, int second) {
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;  // 60: a leap second.
  return hour * 3600.0 + minute * 60.0 + second;
}

// "+02:00", "-0530", "+01".
std::optional<double> ReadOffset(Scanner& scanner) {
  const double sign = scanner.Take("-") ? -1 : scanner.Take("+") ? 1 : 0;
  if (sign == 0) return std::nullopt;
  const std::optional<int> hours = scanner.TakeNumber(2, 2);
  if (!hours) return std::nullopt;
  scanner.Take(":");
  const int minutes = scanner.TakeNumber(2, 2).value_or(0);
  return sign * (*hours * 3600.0 + minutes * 60.0);
}

// "9:05", "09:05:58.25", and what may follow it.
std::optional<double> ReadTimeOfDay(Scanner& scanner, bool twelve_hours) {
  const std::optional<int> hour = scanner.TakeNumber(1, 2);
  if (!hour || !scanner.Take(":")) return std::nullopt;
  const std::optional<int> minute = scanner.TakeNumber(2, 2);
  if (!minute) return std::nullopt;
  std::optional<int> second = 0;
  double fraction = 0;
  if (scanner.Take(":")) {
    second = scanner.TakeNumber(2, 2);
    if (!second) return std::nullopt;
    if (scanner.Take(".")) fraction = scanner.TakeFraction();
  }
  if (!twelve_hours) {
    const std::optional<double> seconds = SecondsOfTime(*hour, *minute, *second);
    return seconds ? std::optional(*seconds + fraction) : std::nullopt;
  }
  const bool am = scanner.Take(" AM");
  if (*hour < 1 || *hour > 12 || (!am && !scanner.Take(" PM"))) return std::nullopt;
  const std::optional<double> seconds = SecondsOfTime(*hour % 12 + (am ? 0 : 12), *minute, *second);
  return seconds ? std::optional(*seconds + fraction) : std::nullopt;
}

// "Z", an offset, or nothing: the seconds to subtract.
std::optional<double> ReadZone(Scanner& scanner) {
  if (scanner.at_end() || scanner.Take("Z") || scanner.Take(" UTC") || scanner.Take(" GMT"))
    return 0;
  scanner.Take(" ");
  return ReadOffset(scanner);
}

// "1/31/2019 9:05:58 AM" after its month.
std::optional<double> ReadAmericanDate(int month, Scanner& scanner) {
  const std::optional<int> day = scanner.TakeNumber(1, 2);
  if (!day || !scanner.Take("/")) return std::nullopt;
  const std::optional<int> year = scanner.TakeNumber(4, 4);
  if (!year || !scanner.Take(" ")) return std::nullopt;
  const std::optional<double> date = SecondsOfDay(*year, month, *day);
  const std::optional<double> time = ReadTimeOfDay(scanner, /*twelve_hours=*/true);
  if (!date || !time || !scanner.at_end()) return std::nullopt;
  return *date + *time;
}

}  // namespace

std::optional<double> ReadDateText(std::string_view text) {
  Scanner scanner(text);
  const std::optional<int> first = scanner.TakeNumber(1, 4);
  if (!first) return std::nullopt;
  const bool slashes = scanner.Take("/");
  if (!slashes && !scanner.Take("-")) return std::nullopt;
  if (slashes && *first <= 12 && text.find('/') <= 2) return ReadAmericanDate(*first, scanner);
  if (text.find(slashes ? '/' : '-') != 4) return std::nullopt;  // A year has four digits.
  const std::optional<int> month = scanner.TakeNumber(1, 2);
  if (!month || !scanner.Take(slashes ? "/" : "-")) return std::nullopt;
  const std::optional<int> day = scanner.TakeNumber(1, 2);
  if (!day) return std::nullopt;
  const std::optional<double> date = SecondsOfDay(*first, *month, *day);
  if (!date || scanner.at_end()) return date;
  if (!scanner.Take("T") && !scanner.Take(" ")) return std::nullopt;
  const std::optional<double> time = ReadTimeOfDay(scanner, /*twelve_hours=*/false);
  if (!time) return std::nullopt;
  const std::optional<double> offset = ReadZone(scanner);
  if (!offset || !scanner.at_end()) return std::nullopt;
  return *date + *time - *offset;
}

std::optional<double> ReadDateDigits(std::string_view text) {
  if (text.size() != 8 && text.size() != 14) return std::nullopt;
  Scanner scanner(text);
  const std::optional<int> year = scanner.TakeNumber(4, 4);
  const std::optional<int> month = scanner.TakeNumber(2, 2);
  const std::optional<int> day = scanner.TakeNumber(2, 2);
  if (!year || !month || !day) return std::nullopt;
  const std::optional<double> date = SecondsOfDay(*year, *month, *day);
  if (!date || scanner.at_end()) return date;
  const std::optional<int> hour = scanner.TakeNumber(2, 2);
  const std::optional<int> minute = scanner.TakeNumber(2, 2);
  const std::optional<int> second = scanner.TakeNumber(2, 2);
  if (!hour || !minute || !second) return std::nullopt;
  const std::optional<double> time = SecondsOfTime(*hour, *minute, *second);
  return time ? std::optional(*date + *time) : std::nullopt;
}

}  // namespace shortlist
