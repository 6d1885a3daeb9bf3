// The cells of an interaction as they go into a data set: checked, and times that are text as Unix
// seconds.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace shortlist {

// Whether a cell is a finite number in decimal notation.
bool IsNumber(std::string_view cell);

// Whether a cell says that there is no value: empty, or NULL, NA, N/A, NaN, None or \N.
bool IsNothing(std::string_view cell);

// Each appends what is to be written for a cell, or nothing for a missing one; an error where the
// cell is something else. `column` is what that calls it.
absl::Status AppendIdCell(std::string_view cell, std::string_view column, std::string& line);
absl::Status AppendNumberCell(std::string_view cell, std::string_view column, std::string& line);

// Numbers are kept as they are, whatever their unit, text becomes Unix seconds. With
// `digits_are_dates` 20190131 and 20190131090558 do, too, and other numbers are errors.
absl::Status AppendTimeCell(std::string_view cell, std::string_view column, bool digits_are_dates,
                            std::string& line);

}  // namespace shortlist
