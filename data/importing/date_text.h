// Dates and times that are written as text.
#pragma once

#include <optional>
#include <string_view>

namespace shortlist {

// Seconds since the Unix epoch of a date as in "2019-01-31", "2019/01/31 09:05",
// "2019-01-31T09:05:58.25Z", "2019-01-31 09:05:58+02:00", "2019-01-31 09:05:58 UTC" or, with AM or
// PM, in American order, "1/31/2019 9:05:58 AM"; UTC where no offset is given. Nothing where it is
// none, such as on the 30th of February.
std::optional<double> ReadDateText(std::string_view text);

// The same of digits alone: 20190131 or 20190131090558.
std::optional<double> ReadDateDigits(std::string_view text);

}  // namespace shortlist
