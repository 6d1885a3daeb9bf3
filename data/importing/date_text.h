// Dates and times as logs have them.
#pragma once

#include <optional>
#include <string_view>

namespace shortlist {

// Seconds since the Unix epoch of what ParseDate (data/interactions/time_column.h) reads, and of
// dates with AM or PM, in American order: "1/31/2019 9:05:58 AM"; UTC. Nothing where it is neither.
std::optional<double> ReadDateText(std::string_view text);

// The same of digits alone: 20190131 or 20190131090558.
std::optional<double> ReadDateDigits(std::string_view text);

}  // namespace shortlist
