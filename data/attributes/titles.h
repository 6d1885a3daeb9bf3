// Which column holds the items' titles.
#pragma once

#include <optional>
#include <span>

#include "data/attributes/attribute_columns.h"

namespace shortlist {

// Position of the column of titles: "title", otherwise "name", otherwise of those whose names end
// in "_title" or "_name" the one of the most different values. The last must tell items apart (at
// least three in four of its cells are different) and not be the name of something that items
// share, such as "category_name" or "artist_name". Never one of numbers. None where there is no
// such column.
std::optional<size_t> FindTitle(std::span<const AttributeColumn> columns);

}  // namespace shortlist
