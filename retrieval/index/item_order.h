// The order in which an item index keeps its items: neighbours side by side.
#pragma once

#include <cstdint>
#include <span>

#include "features/catalog.h"

namespace shortlist {

// A view of two arrays of an index, one the inverse of the other.
struct ItemOrder {
  std::span<const ItemRow> rows;        // By position.
  std::span<const uint32_t> positions;  // By row.
};

}  // namespace shortlist
