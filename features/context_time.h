// The circumstances that a point in time stands for where the user is: the only code that derives
// them, for training and serving alike.
//
//   const auto values = TimeFieldValues(context.time_ms, TimeZoneOf(context, user));
//   for (size_t f = 0; f < kTimeFields.size(); ++f)
//     std::string_view value = kTimeFields[f].values[values[f]];
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "absl/time/time.h"
#include "features/user_state.h"

namespace shortlist {

// One attribute of the context and its values.
struct TimeField {
  std::string_view name;
  std::span<const std::string_view> values;
};

inline constexpr std::string_view kDayparts[] = {"night", "morning", "afternoon", "evening"};
inline constexpr std::string_view kWeekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

// Dayparts are of six hours each, night from midnight. (Single hours were tried: 24 weights for
// every attribute value of an item learned mostly noise.)
inline constexpr std::array<TimeField, 2> kTimeFields = {
    TimeField{"daypart", kDayparts},
    TimeField{"weekday", kWeekdays},
};

// The user attribute that says where a user is.
inline constexpr std::string_view kTimeZoneAttribute = "time_zone";

// A name of the IANA time zone database ("Europe/Berlin"), or hours and minutes east of UTC
// ("+02:00", "-03:30"), 14:00 at most. None for what is neither.
std::optional<absl::TimeZone> ParseTimeZone(std::string_view text);

// That of the context or, where it has none, that of the user's attribute. UTC where that has none
// either. What is no time zone is ignored.
absl::TimeZone TimeZoneOf(const RequestContext& context, const UserState& user);

// For each of kTimeFields the position of its value at a time, in milliseconds since the Unix
// epoch.
std::array<uint32_t, kTimeFields.size()> TimeFieldValues(int64_t time_ms,
                                                         absl::TimeZone zone = absl::UTCTimeZone());

}  // namespace shortlist
