#include "data/interactions/time_column.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/text/counts.h"
#include "common/text/decimal.h"
#include "common/text/strings.h"
#include "data/tables/no_value.h"

namespace shortlist {
namespace {

// Smaller numbers are too early (before 1973) to be seconds.
constexpr double kMinUnixSeconds = 1e8;
constexpr double kYear1900 = -2'208'988'800;       // In seconds, like the next.
constexpr double kEndUnixSeconds = 4'102'444'800;  // 2100.
// From here on a double times 1000 is no longer exact, and soon beyond 64 bits.
constexpr double kEndOrder = 9e12;
constexpr int kMinYear = 1900;
constexpr int kEndYear = 2100;
constexpr int64_t kMillisecondsPerDay = 86'400'000;
constexpr int64_t kYear1990 = 631'152'000'000;
constexpr int64_t kMillisecondsPerYear = 366 * kMillisecondsPerDay;

constexpr const char* kUnitNames[] = {
    "", "seconds", "milliseconds", "microseconds", "nanoseconds", "dates", "an order alone"};

std::optional<int64_t> MillisecondsOf(int year, unsigned month, unsigned day, int64_t hour,
                                      int64_t minute, double second) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (year < kMinYear || year >= kEndYear || !date.ok()) return std::nullopt;
  if (hour > 23 || minute > 59 || second >= 61) return std::nullopt;  // 60: a leap second.
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * kMillisecondsPerDay + (hour * 60 + minute) * 60'000 + std::llround(second * 1000);
}

// Takes between `least` and `most` digits off the front of `text`.
std::optional<int> TakeDigits(std::string_view& text, size_t least, size_t most) {
  int number = 0;
  size_t length = 0;
  while (length < most && length < text.size() && text[length] >= '0' && text[length] <= '9')
    number = number * 10 + (text[length++] - '0');
  if (length < least) return std::nullopt;
  text.remove_prefix(length);
  return number;
}

bool Take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// The rest of a date: nothing, Z, UTC, or an offset, in minutes.
std::optional<int64_t> ParseOffset(std::string_view text) {
  if (text.starts_with(' ')) text.remove_prefix(1);
  if (text.empty() || text == "Z" || text == "UTC") return 0;
  const int sign = text.front() == '-' ? -1 : 1;
  if (text.front() != '+' && text.front() != '-') return std::nullopt;
  text.remove_prefix(1);
  const std::optional<int> hours = TakeDigits(text, 2, 2);
  if (!hours) return std::nullopt;
  Take(text, ':');
  const std::optional<int> minutes = text.empty() ? 0 : TakeDigits(text, 2, 2);
  if (!minutes || !text.empty() || *hours > 14 || *minutes > 59) return std::nullopt;
  return sign * (*hours * 60 + *minutes);
}

// The date that a number's digits spell: YYYYMMDD and, in as many digits as it has more, hours,
// minutes and seconds.
std::optional<int64_t> DateOfDigits(double number, bool has_hours) {
  if (number < 1.9e7 || number >= 2.1e13 || number != std::floor(number)) return std::nullopt;
  auto digits = static_cast<int64_t>(number);
  int64_t second = 0, minute = 0, hour = 0;
  auto take = [&] {
    const int64_t two = digits % 100;
    digits /= 100;
    return two;
  };
  if (number >= 1.9e13) second = take();
  if (number >= 1.9e11) minute = take();
  if (number >= 1.9e9) hour = take();
  if (number >= 1.9e9 && number < 1.9e11 && !has_hours) return std::nullopt;
  const int64_t day = take(), month = take();
  return MillisecondsOf(static_cast<int>(std::min<int64_t>(digits, kEndYear)),
                        static_cast<unsigned>(month), static_cast<unsigned>(day), hour, minute,
                        static_cast<double>(second));
}

// What a cell that is not empty holds: a number, or a date in milliseconds.
struct Moment {
  double value;
  bool is_date;
};

std::optional<Moment> ParseMoment(std::string_view cell) {
  if (const std::optional<double> number = ParseDecimal(cell))
    return Moment{*number, /*is_date=*/false};
  const std::optional<int64_t> date = ParseDate(cell);
  if (!date) return std::nullopt;
  return Moment{static_cast<double>(*date), /*is_date=*/true};
}

bool IsUnknown(double number) {
  return number == 0 || number == -1 || number == TimeColumn::kUnknown;
}

// How many of it make a second.
double PerSecond(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kMilliseconds:
      return 1e3;
    case TimeUnit::kMicroseconds:
      return 1e6;
    case TimeUnit::kNanoseconds:
      return 1e9;
    default:
      return 1;
  }
}

}  // namespace

std::optional<int64_t> ParseDate(std::string_view text) {
  const std::optional<int> year = TakeDigits(text, 4, 4);
  if (!year || text.empty()) return std::nullopt;
  const char separator = text.front();
  if (separator != '-' && separator != '/') return std::nullopt;
  Take(text, separator);
  const std::optional<int> month = TakeDigits(text, 1, 2);
  if (!month || !Take(text, separator)) return std::nullopt;
  const std::optional<int> day = TakeDigits(text, 1, 2);
  if (!day) return std::nullopt;
  int hour = 0, minute = 0;
  double second = 0;
  int64_t offset = 0;
  if (!text.empty()) {
    if (!Take(text, ' ') && !Take(text, 'T')) return std::nullopt;
    const std::optional<int> hours = TakeDigits(text, 1, 2);
    if (!hours || !Take(text, ':')) return std::nullopt;
    const std::optional<int> minutes = TakeDigits(text, 2, 2);
    if (!minutes) return std::nullopt;
    hour = *hours;
    minute = *minutes;
    if (Take(text, ':')) {
      const std::optional<int> seconds = TakeDigits(text, 2, 2);
      if (!seconds) return std::nullopt;
      second = *seconds;
      if (Take(text, '.')) {
        const size_t length = std::min(text.find_first_not_of("0123456789"), text.size());
        if (length == 0) return std::nullopt;
        double fraction = 0;
        for (size_t i = length; i-- > 0;) fraction = (fraction + (text[i] - '0')) / 10;
        second += fraction;
        text.remove_prefix(length);
      }
    }
    const std::optional<int64_t> minutes_ahead = ParseOffset(text);
    if (!minutes_ahead) return std::nullopt;
    offset = *minutes_ahead;
  }
  const std::optional<int64_t> ms = MillisecondsOf(
      *year, static_cast<unsigned>(*month), static_cast<unsigned>(*day), hour, minute, second);
  if (!ms) return std::nullopt;
  return *ms - offset * 60'000;
}

void TimeColumn::Append(double value, bool is_date) {
  if (is_date && is_date_.empty()) is_date_.resize(values_.size());
  values_.push_back(value);
  if (is_date || !is_date_.empty()) is_date_.push_back(is_date);
}

absl::Status TimeColumn::Add(std::string_view cell, std::string_view column) {
  if (MeansNoValue(cell)) {
    AddUnknown();
    return absl::OkStatus();
  }
  const std::optional<Moment> moment = ParseMoment(cell);
  if (!moment)
    return absl::InvalidArgumentError(absl::StrCat(
        AbslView(column), " is neither a finite number nor a date such as 2019-01-31 12:00:00: \"",
        AbslView(cell), "\""));
  Append(moment->value, moment->is_date);
  return absl::OkStatus();
}

void TimeColumn::LeaveUnfit(double& value) {
  if (unfit_++ == 0) first_unfit_ = value;
  value = std::numeric_limits<double>::quiet_NaN();
}

bool TimeColumn::IsFirstUnfit(std::string_view cell) const {
  const std::optional<Moment> moment = ParseMoment(cell);
  return moment && moment->value == first_unfit_;
}

bool TimeColumn::LooksLikeAnOrder() const {
  if (!is_date_.empty()) return false;
  uint64_t small = 0, days = 0;
  for (double value : values_) {
    if (IsUnknown(value)) continue;
    if (std::abs(value) >= kMinUnixSeconds) return false;
    ++small;
    days += DateOfDigits(value, false).has_value();
  }
  return 2 * days <= small;
}

void TimeColumn::FindHours() {
  uint64_t seconds = 0, hours = 0;
  for (size_t row = 0; row < size(); ++row) {
    if (IsDate(row) || values_[row] < kMinUnixSeconds || values_[row] >= kEndUnixSeconds) continue;
    ++seconds;
    hours += values_[row] >= 1.9e9 && DateOfDigits(values_[row], true).has_value();
  }
  has_hours_ = 2 * hours > seconds;
}

TimeUnit TimeColumn::UnitOf(double value, TimeUnit declared) const {
  constexpr TimeUnit kNone = TimeUnit::kRecognised;
  if (declared == TimeUnit::kCalendar || declared == TimeUnit::kRecognised)
    if (DateOfDigits(value, has_hours_)) return TimeUnit::kCalendar;
  if (declared == TimeUnit::kCalendar) return kNone;
  if (declared != TimeUnit::kRecognised) {
    const double seconds = value / PerSecond(declared);
    return seconds >= kYear1900 && seconds < kEndUnixSeconds ? declared : kNone;
  }
  for (TimeUnit unit : {TimeUnit::kSeconds, TimeUnit::kMilliseconds, TimeUnit::kMicroseconds,
                        TimeUnit::kNanoseconds}) {
    const double seconds = value / PerSecond(unit);
    if (seconds >= kMinUnixSeconds && seconds < kEndUnixSeconds) return unit;
  }
  return kNone;
}

void TimeColumn::ConvertOrder(bool declared) {
  double least = std::numeric_limits<double>::infinity();
  bool others_below_0 = false;
  for (size_t row = 0; row < size(); ++row) {
    double& value = values_[row];
    if (value == kUnknown) continue;
    if (IsDate(row) || std::abs(value) >= kEndOrder) {
      LeaveUnfit(value);
      continue;
    }
    others_below_0 |= value < 0 && value != -1;
    if (value != -1) least = std::min(least, value);
  }
  const bool may_be_negative = declared || others_below_0;
  if (may_be_negative) least = std::min(least, -1.0);
  const double move = least <= 0 ? 1 - least : 0;
  for (size_t row = 0; row < size(); ++row) {
    double& value = values_[row];
    if (value == kUnknown || (value == -1 && !may_be_negative)) {
      value = kUnknown;
      ++unknown_;
    } else if (!std::isnan(value)) {
      ++counts_[static_cast<size_t>(TimeUnit::kOrder)];
      value = (value + move) * 1000;
    }
  }
}

void TimeColumn::Recognise(TimeUnit declared) {
  is_order_ =
      declared == TimeUnit::kOrder || (declared == TimeUnit::kRecognised && LooksLikeAnOrder());
  const bool nothing_else = std::all_of(values_.begin(), values_.end(), IsUnknown);
  if (is_order_ && (declared == TimeUnit::kOrder || !nothing_else)) {
    ConvertOrder(declared == TimeUnit::kOrder);
    return;
  }
  if (declared == TimeUnit::kCalendar)
    has_hours_ = true;
  else
    FindHours();
  for (size_t row = 0; row < size(); ++row) {
    double& value = values_[row];
    if (IsUnknown(value)) {
      value = kUnknown;
      ++unknown_;
      continue;
    }
    const TimeUnit unit = IsDate(row) ? TimeUnit::kCalendar : UnitOf(value, declared);
    if (unit == TimeUnit::kRecognised) {
      LeaveUnfit(value);
      continue;
    }
    ++counts_[static_cast<size_t>(unit)];
    if (IsDate(row)) continue;
    value = unit == TimeUnit::kCalendar ? static_cast<double>(*DateOfDigits(value, has_hours_))
                                        : value * (1000 / PerSecond(unit));
  }
}

uint64_t TimeColumn::known() const { return size() - unknown_ - unfit_; }

std::string TimeColumn::Describe() const {
  std::string text;
  for (size_t unit = 0; unit < kUnits; ++unit) {
    if (counts_[unit] == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : ", ", kUnitNames[unit]);
    if (counts_[unit] < known()) absl::StrAppend(&text, " (", Percent(counts_[unit], known()), ")");
  }
  return text.empty() ? "not known" : text;
}

std::string TimeColumn::ImplausibleAt(int64_t now_ms) const {
  if (is_order_) return "";
  uint64_t early = 0, late = 0;
  const auto end = static_cast<double>(now_ms + kMillisecondsPerYear);
  for (double value : values_) {
    early += value != kUnknown && value < static_cast<double>(kYear1990);
    late += value > end;
  }
  std::string text;
  if (early > 0) absl::StrAppend(&text, Percent(early, known()), " of the times are before 1990");
  if (late > 0)
    absl::StrAppend(&text, text.empty() ? "" : ", ", Percent(late, known()),
                    " of the times are more than a year from now");
  return text;
}

}  // namespace shortlist
