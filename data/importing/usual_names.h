// What columns of interactions are usually called.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace shortlist {

enum class ColumnRole { kUser, kItem, kTime, kRating, kLabel, kType };

// "user", "item", ...: the flag that declares the column, without its dashes.
std::string_view RoleName(ColumnRole role);

// The column of that role: `declared`, which must be there, or the only one with one of the role's
// usual names, whatever their case and punctuation. None where no column has; an error that names
// the candidates where several have. `table` is what messages call the table.
absl::StatusOr<std::optional<std::string>> FindRole(ColumnRole role, const std::string& declared,
                                                    std::span<const std::string> columns,
                                                    std::string_view table);

// Whether the name is one that titles usually have.
bool IsTitleName(std::string_view name);
// Whether it is one of columns with several values in a cell, such as "genres".
bool IsListName(std::string_view name);

}  // namespace shortlist
