#include "data/importing/date_text.h"

#include <cstddef>
#include <optional>

#include "absl/strings/str_format.h"
#include "data/interactions/time_column.h"

namespace shortlist {
namespace {

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
std::optional<std::string> ReadAmericanDate(std::string_view text) {
  const bool pm = text.ends_with(" PM");
  if (!pm && !text.ends_with(" AM")) return std::nullopt;
  text.remove_suffix(std::string_view(" AM").size());
  const std::optional<int> month = TakeNumber(text, 2, "/");
  const std::optional<int> day = TakeNumber(text, 2, "/");
  const std::optional<int> year = TakeNumber(text, 4, " ");
  const std::optional<int> hour = TakeNumber(text, 2, ":");
  if (!month || !day || !year || !hour || *hour < 1 || *hour > 12) return std::nullopt;
  std::string date = absl::StrFormat("%04d-%02d-%02d %02d:%s", *year, *month, *day,
                                     *hour % 12 + (pm ? 12 : 0), std::string(text));
  if (!ParseDate(date)) return std::nullopt;
  return date;
}

}  // namespace

bool AppendDate(std::string_view text, std::string& line) {
  if (ParseDate(text)) {
    line += text;
    return true;
  }
  const std::optional<std::string> date = ReadAmericanDate(text);
  if (date) line += *date;
  return date.has_value();
}

}  // namespace shortlist
