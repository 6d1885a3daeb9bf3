// Items that came after an item index was built, in chunks that are searched one and all: 64 bytes
// and a vector an item. A chunk is immutable and thread-safe; a change makes a new one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "features/catalog.h"
#include "retrieval/filters/item_filter.h"
#include "retrieval/index/item_codes.h"
#include "retrieval/scored_item.h"

namespace shortlist {

class DeltaChunk {
 public:
  static constexpr size_t kCapacity = 1024;

  // At most kCapacity rows, each of which has `dim` finite floats of `vectors`.
  DeltaChunk(size_t dim, std::vector<ItemRow> rows, std::vector<float> vectors);

  size_t size() const { return rows_.size(); }
  std::span<const ItemRow> rows() const { return rows_; }
  std::span<const float> vectors() const { return vectors_; }
  std::span<const float> vector(size_t i) const {
    return std::span(vectors_).subspan(i * dim_, dim_);
  }

  // Appends every item that passes the filter and scores at least `least`, in no order. `code` is
  // that of `query`.
  void Search(std::span<const float> query, const QueryCode& code, const ItemFilter& filter,
              float least, std::vector<ScoredItem>& results) const;

 private:
  size_t dim_;
  std::vector<ItemRow> rows_;
  std::vector<float> vectors_;
  std::vector<uint8_t> first_halves_, second_halves_;
  float step_ = 1;
  // The largest of the items.
  float largest_length_ = 0;
  NibbleErrors largest_errors_;
};

}  // namespace shortlist
