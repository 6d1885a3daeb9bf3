// Items that came after an item index was built, in chunks that are searched one and all: 64 bytes
// an item, and the vectors where they are. Immutable and thread-safe; a change makes a new one that
// shares what is the same.
//
//   const Delta longer = delta.With(dim, first_row, vectors);
//   found = longer.Search(query, filter, hidden, found, results);
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/bits.h"
#include "features/catalog.h"
#include "retrieval/filters/item_filter.h"
#include "retrieval/index/item_codes.h"
#include "retrieval/scored_item.h"

namespace shortlist {

class DeltaChunk {
 public:
  static constexpr size_t kCapacity = 1024;

  // At most kCapacity rows from `first_row` on, each of which has `dim` finite floats of `vectors`,
  // which must outlive this.
  DeltaChunk(size_t dim, ItemRow first_row, std::span<const float> vectors);

  ItemRow first_row() const { return first_row_; }
  size_t size() const { return vectors_.size() / dim_; }

  // Appends every item that passes the filter, is not hidden and scores at least `least`, in no
  // order. `code` is that of `query`.
  void Search(std::span<const float> query, const QueryCode& code, const ItemFilter& filter,
              const Bits* hidden, float least, std::vector<ScoredItem>& results) const;

 private:
  std::span<const float> vector(size_t i) const { return vectors_.subspan(i * dim_, dim_); }

  size_t dim_;
  ItemRow first_row_;
  std::span<const float> vectors_;
  std::vector<uint8_t> first_halves_, second_halves_;
  float step_ = 1;
  // The largest of the items.
  float largest_length_ = 0;
  NibbleErrors largest_errors_;
};

class Delta {
 public:
  size_t size() const;
  // With more items: `vectors`, rows of `dim` floats that must outlive it, are those of all of
  // them, from `first_row` on, and begin with those that are there already.
  Delta With(size_t dim, ItemRow first_row, std::span<const float> vectors) const;

  // Puts what passes the filter and is not hidden among the best that are known already, the first
  // `found` of `results`, best first. Returns how many there are now, at most as many as there is
  // room for.
  size_t Search(std::span<const float> query, const ItemFilter& filter, const Bits* hidden,
                size_t found, std::span<ScoredItem> results) const;

 private:
  std::vector<std::shared_ptr<const DeltaChunk>> chunks_;  // Full, but for the last.
};

}  // namespace shortlist
