// Vectors of items that were made elsewhere, such as of their pictures: a column of lists of
// numbers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/attributes/attribute_columns.h"
#include "features/catalog.h"

namespace shortlist {

// Gives the items the column's vectors: numbers between spaces, as many in each cell that has any.
// Otherwise, where a cell holds something else or there is none, they get none; returns why,
// without file and column.
std::optional<std::string> ReadVectors(const AttributeColumn& column, CatalogData& items);

}  // namespace shortlist
