// The circumstances that a point in time stands for, in UTC: the only code that derives them, for
// training and serving alike.
//
//   for (size_t f = 0; f < kTimeFields.size(); ++f)
//     std::string_view value = kTimeFields[f].values[TimeFieldValues(time_ms)[f]];
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

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

// For each of kTimeFields the position of its value at a time, in milliseconds since the Unix
// epoch.
std::array<uint32_t, kTimeFields.size()> TimeFieldValues(int64_t time_ms);

}  // namespace shortlist
