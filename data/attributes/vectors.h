// Vectors of items that were made elsewhere, such as of their pictures: a column of lists of
// numbers, or a file of NumPy's beside the items'.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "data/attributes/attribute_columns.h"
#include "features/catalog.h"

namespace shortlist {

// Gives the items the column's vectors: numbers between spaces, as many in each cell that has any.
// Otherwise, where a cell holds something else or there is none, they get none; returns why,
// without file and column.
std::optional<std::string> ReadVectors(const AttributeColumn& column, CatalogData& items);

// What the file is called, behind the name of the items' file: NAME.item.npy.
inline constexpr char kVectorFileEnding[] = ".npy";

// Gives the items, whose ids are there, the rows of the file. `rows`: by row of the file the row of
// the item, RowNumbering::kLeftOut where it is none's. A row of zeros is no vector. Errors name the
// file.
absl::Status ReadVectorFile(const std::filesystem::path& path, std::span<const uint32_t> rows,
                            CatalogData& items);

}  // namespace shortlist
