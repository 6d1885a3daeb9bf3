// The index over item embeddings: nearest items to a query by inner product, under a filter.
//
// The items are cut into lists of neighbours by k-means. A list has a centre, and its items are
// kept as 8-bit codes of their differences from it, in two halves of 4 bits. A search scores the
// centres, and from the spread of each list estimates the best score to be expected there:
// centre . query + breadth * spread * |query|. It scans the lists in that order, reading the first
// halves only, and keeps the best of it, `pool` times as many as k, until no list is left that can
// be expected to hold a better one. Those kept are scored with both halves, and what may still be
// among the best k, with the vectors themselves. `breadth` trades time for recall, and `pool` is
// large enough that little is lost by it; building measures which reach the recall that is wanted.
//
// Under a filter the same rule holds, for the items that pass: the fewer they are, the lower is the
// score that the k-th best of them has, and the more lists are scanned. So a search is never short:
// until it has k items it scans every list. Where few items pass, they are all scored, and all that
// may be among the best, within the errors of the codes, is kept: such a search is exact.
//
// Items that come, go or change while it is searched: an index with changes shares the lists of the
// one that it is made from, leaves out items that are hidden, and searches those that came later
// one and all (retrieval/index/delta.h).
//
// Immutable, memory-mapped, thread-safe and without locks; nothing is allocated per search once a
// thread has searched. Refers to the embeddings, which must outlive it.
//
//   RETURN_IF_ERROR(BuildItemIndex(embeddings, dim, options, path));
//   ASSIGN_OR_RETURN(std::unique_ptr<ItemIndex> index, ItemIndex::Load(path, embeddings, dim));
//   std::vector<ScoredItem> best = index->Search(user_vector, filter, 500);
//   index = index->WithChanges(longer_embeddings, hidden);
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "common/array_file.h"
#include "common/bits.h"
#include "retrieval/filters/item_filter.h"
#include "retrieval/index/candidate_pool.h"
#include "retrieval/index/delta.h"
#include "retrieval/index/item_index_file.h"
#include "retrieval/index/item_order.h"
#include "retrieval/scored_item.h"

namespace shortlist {

class ItemIndex {
 public:
  // Refuses a file that is corrupt or was built for other embeddings, of which it looks at a
  // thousand.
  static absl::StatusOr<std::unique_ptr<ItemIndex>> Load(const std::filesystem::path& path,
                                                         std::span<const float> embeddings,
                                                         size_t dim);
  // Over arrays in memory, which must outlive it, as an index is measured before it is written.
  // DATA_LOSS when they contradict one another.
  static absl::StatusOr<std::unique_ptr<ItemIndex>> Over(
      const item_index_file::Arrays<item_index_file::ArrayView>& arrays,
      std::span<const float> embeddings);

  // With other items hidden, and more items. `embeddings` begin with those that the index was built
  // for; they must outlive the new index, which this one need not. `hidden` has a bit for every
  // row; null: none is.
  std::unique_ptr<ItemIndex> WithChanges(std::span<const float> embeddings,
                                         std::shared_ptr<const Bits> hidden) const;

  // min(k, items that pass) items that pass the filter, best first. `query` has `dim` floats
  // of at most kLargestComponent. Exact where few items pass; approximate, but never short,
  // otherwise.
  std::vector<ScoredItem> Search(std::span<const float> query, const ItemFilter& filter,
                                 size_t k) const;
  // The same without allocating: k is the size of `results`; returns how many were found.
  size_t Search(std::span<const float> query, const ItemFilter& filter,
                std::span<ScoredItem> results) const;
  struct SearchOptions {
    // Another breadth and pool than those that were measured. Breadth infinite: every item is
    // scored, and the answer is that of exact search.
    std::optional<float> breadth, pool;
    // Where to put how many bytes of the lists' codes and embeddings the search read, to measure
    // with.
    size_t* bytes_read = nullptr;
  };
  size_t Search(std::span<const float> query, const ItemFilter& filter,
                const SearchOptions& options, std::span<ScoredItem> results) const;

  // Those that came later included, and those that are hidden.
  uint32_t item_count() const { return static_cast<uint32_t>(embeddings_.size() / dim_); }
  size_t dim() const { return dim_; }
  uint32_t list_count() const { return static_cast<uint32_t>(spreads_.size()); }
  float breadth() const { return breadth_; }
  float pool() const { return pool_; }
  // Of the items that the index was built for: for filters that are to be fast (AttributeIndex).
  const ItemOrder& order() const { return order_; }

 private:
  struct Scratch;  // What one search needs; one per thread.
  struct Frame;    // How scores of a list's codes become scores of its items.

  ItemIndex() = default;
  ItemIndex(const ItemIndex&) = default;
  // Positions, in lists: items that the index was built for.
  uint32_t position_count() const { return static_cast<uint32_t>(order_.rows.size()); }
  // Of those, into `results`.
  size_t SearchLists(std::span<const float> query, const ItemFilter& filter,
                     const SearchOptions& options, std::span<ScoredItem> results) const;
  absl::Status CheckLists() const;
  void ScoreCentres(Scratch& scratch) const;
  uint32_t ListOf(uint32_t position) const;
  Frame FrameOf(uint32_t list, const Scratch& scratch) const;
  // What to do with an item whose score seems good enough: see whether it passes at all.
  enum class Passing { kAll, kMost, kFew };
  void ScanLists(Passing passing, float breadth, Scratch& scratch) const;
  void PrefetchList(uint32_t list, Passing passing, Scratch& scratch) const;
  void ScanList(uint32_t list, Passing passing, bool exact, Scratch& scratch) const;
  void ScanPositions(std::span<const uint32_t> positions, Scratch& scratch) const;
  void ScoreWithBothHalves(std::span<const CandidatePool::Entry> entries, bool exact,
                           Scratch& scratch) const;
  size_t ScoreExactly(std::span<const float> query, Scratch& scratch,
                      std::span<ScoredItem> results) const;

  std::span<const float> embeddings_;
  size_t dim_ = 0;
  ArrayFile file_;
  float centre_scale_ = 1;
  float largest_length_ = 0;
  float breadth_ = 0;
  float pool_ = 1;
  // By list.
  std::span<const uint32_t> list_begins_;
  std::span<const uint8_t> centre_codes_;
  std::span<const float> spreads_, steps_, first_errors_, errors_;
  // By position: list after list.
  std::span<const uint8_t> first_halves_, second_halves_;
  ItemOrder order_;
  // The list of the first of every 64 positions.
  std::shared_ptr<const std::vector<uint32_t>> first_lists_;

  Delta delta_;
  std::shared_ptr<const Bits> hidden_;            // By row; null: none is.
  std::shared_ptr<const Bits> hidden_positions_;  // The same of the items in lists.
};

}  // namespace shortlist
