#include "data/importing/date_text.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/text/strings.h"
#include "data/interactions/time_column.h"

namespace shortlist {
namespace {

std::optional<double> Seconds(std::string_view date) {
  const std::optional<int64_t> milliseconds = ParseDate(date);
  if (!milliseconds) return std::nullopt;
  return static_cast<double>(*milliseconds) / 1000;
}

// A number of at most `most` digits from the beginning of a text, and `end` after it.
std::optional<int> TakeNumber(std::string_view& text, size_t most, std::string_view end) {
  int number = 0;
  size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    if (digits == most) return std::nullopt;
    number = number * 10 + (text[digits] - '0');
  }
  if (digits == 0 || !text.substr(digits).starts_with(end)) return std::nullopt;
  text.remove_prefix(digits + end.size());
  return number;
}

// "1/31/2019 9:05:58 AM": the month and the day change places with the year.
std::optional<double> ReadAmericanDate(std::string_view text) {
  const bool pm = text.ends_with(" PM");
  if (!pm && !text.ends_with(" AM")) return std::nullopt;
  text.remove_suffix(std::string_view(" AM").size());
  const std::optional<int> month = TakeNumber(text, 2, "/");
  const std::optional<int> day = TakeNumber(text, 2, "/");
  const std::optional<int> year = TakeNumber(text, 4, " ");
  const std::optional<int> hour = TakeNumber(text, 2, ":");
  if (!month || !day || !year || !hour || *hour < 1 || *hour > 12) return std::nullopt;
  return Seconds(absl::StrFormat("%04d-%d-%d %d:%s", *year, *month, *day,
                                 *hour % 12 + (pm ? 12 : 0), std::string(text)));
}

}  // namespace

std::optional<double> ReadDateText(std::string_view text) {
  const std::optional<double> seconds = Seconds(text);
  return seconds ? seconds : ReadAmericanDate(text);
}

std::optional<double> ReadDateDigits(std::string_view text) {
  if (text.size() != 8 && text.size() != 14) return std::nullopt;
  std::string date = absl::StrCat(AbslView(text.substr(0, 4)), "-", AbslView(text.substr(4, 2)),
                                  "-", AbslView(text.substr(6, 2)));
  if (text.size() == 14)
    absl::StrAppend(&date, " ", AbslView(text.substr(8, 2)), ":", AbslView(text.substr(10, 2)), ":",
                    AbslView(text.substr(12, 2)));
  return Seconds(date);
}

}  // namespace shortlist
