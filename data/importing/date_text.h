// Dates and times as logs have them.
#pragma once

#include <string>
#include <string_view>

namespace shortlist {

// Appends a date as ParseDate (data/interactions/time_column.h) reads it: what it reads already as
// it is, and dates with AM or PM, which are in American order: "1/31/2019 9:05:58 AM". False, and
// nothing is appended, where it is neither.
bool AppendDate(std::string_view text, std::string& line);

}  // namespace shortlist
