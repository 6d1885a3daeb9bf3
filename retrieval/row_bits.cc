#include "retrieval/row_bits.h"

#include <algorithm>

#include <roaring/containers/containers.h>

namespace shortlist {
namespace {

constexpr uint32_t kRowsPerContainer = 1 << 16;
constexpr uint32_t kWordsPerContainer = kRowsPerContainer / 64;

}  // namespace

void RowBits::Assign(const ItemFilter& filter, uint32_t item_count) {
  // Whole containers, so that one can be copied as it is.
  const size_t words =
      (size_t{item_count} + kRowsPerContainer - 1) / kRowsPerContainer * kWordsPerContainer;
  if (const Roaring* allowed = filter.allowed()) {
    words_.assign(words, 0);
    SetAll(*allowed);
  } else {
    words_.assign(words, ~uint64_t{0});
  }
  for (ItemRow row : filter.excluded()) {
    if (row < item_count) Clear(row);
  }
}

void RowBits::SetAll(const Roaring& rows) {
  // CRoaring has no function that writes plain words, and its iterator takes ten times as long.
  const roaring_array_t& array = rows.roaring.high_low_container;
  for (int32_t i = 0; i < array.size; ++i) {
    const ItemRow first = ItemRow{array.keys[i]} << 16;
    if (first / 64 >= words_.size()) return;
    uint8_t type = array.typecodes[i];
    const void* container = container_unwrap_shared(array.containers[i], &type);
    if (type == BITSET_CONTAINER_TYPE_CODE) {
      const auto* bitset = static_cast<const bitset_container_t*>(container);
      std::copy_n(bitset->array, kWordsPerContainer, words_.begin() + first / 64);
    } else if (type == ARRAY_CONTAINER_TYPE_CODE) {
      const auto* list = static_cast<const array_container_t*>(container);
      for (int32_t j = 0; j < list->cardinality; ++j) Set(first + list->array[j]);
    } else {
      const auto* runs = static_cast<const run_container_t*>(container);
      for (int32_t j = 0; j < runs->n_runs; ++j) {
        const uint32_t begin = runs->runs[j].value;
        for (uint32_t offset = 0; offset <= runs->runs[j].length; ++offset)
          Set(first + begin + offset);
      }
    }
  }
}

}  // namespace shortlist
