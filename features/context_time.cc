#include "features/context_time.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/ascii.h"

namespace shortlist {
namespace {

// Where absl::LoadTimeZone finds zones.
constexpr char kZoneFolder[] = "/usr/share/zoneinfo/";
constexpr int kMostOffsetMinutes = 14 * 60;

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

std::optional<absl::TimeZone> ParseOffset(std::string_view text) {
  if (text.size() != 6 || text[3] != ':') return std::nullopt;
  for (const size_t digit : {1, 2, 4, 5})
    if (!IsDigit(text[digit])) return std::nullopt;
  auto number = [&](size_t at) { return 10 * (text[at] - '0') + (text[at + 1] - '0'); };
  const int minutes = 60 * number(1) + number(4);
  if (number(4) >= 60 || minutes > kMostOffsetMinutes) return std::nullopt;
  return absl::FixedTimeZone((text[0] == '-' ? -60 : 60) * minutes);
}

}  // namespace

std::optional<absl::TimeZone> ParseTimeZone(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) return ParseOffset(text);
  // LoadTimeZone would read any file and remembers every name: it gets none but zones' own.
  const bool may_be_a_name = !text.empty() &&
                             absl::ascii_isupper(static_cast<unsigned char>(text[0])) &&
                             std::all_of(text.begin(), text.end(), [](char c) {
                               return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                                      c == '_' || c == '/' || c == '+' || c == '-';
                             });
  if (!may_be_a_name) return std::nullopt;
  const std::string name(text);
  std::error_code error;
  absl::TimeZone zone;
  if (!std::filesystem::is_regular_file(kZoneFolder + name, error) ||
      !absl::LoadTimeZone(name, &zone))
    return std::nullopt;
  return zone;
}

absl::TimeZone TimeZoneOf(const RequestContext& context, const UserState& user) {
  if (const auto zone = ParseTimeZone(context.time_zone)) return *zone;
  for (const NamedAttribute& attribute : user.attributes) {
    if (attribute.name != kTimeZoneAttribute) continue;
    for (const std::string& value : attribute.values)
      if (const auto zone = ParseTimeZone(value)) return *zone;
  }
  return absl::UTCTimeZone();
}

std::array<uint32_t, kTimeFields.size()> TimeFieldValues(int64_t time_ms, absl::TimeZone zone) {
  using std::chrono::days, std::chrono::hours, std::chrono::seconds;
  std::chrono::sys_seconds time = std::chrono::floor<seconds>(
      std::chrono::sys_time<std::chrono::milliseconds>{std::chrono::milliseconds(time_ms)});
  if (zone != absl::UTCTimeZone()) time += seconds(zone.At(absl::FromUnixMillis(time_ms)).offset);
  const auto day = std::chrono::floor<days>(time);
  const auto hour = static_cast<uint32_t>(std::chrono::floor<hours>(time - day).count());
  return {hour / 6, std::chrono::weekday(day).iso_encoding() - 1};
}

}  // namespace shortlist
