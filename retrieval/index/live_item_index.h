// An item index over a catalog that changes while it is searched. Additions and updates go to a
// delta, which is searched exactly; deletions to a bitmap; merging builds a new index of all of it
// and puts it in the place of the old one, while searches and changes go on.
//
// A search works on a view: the state after some change, whole. A view stays as it is, and alive,
// for as long as it is held. Thread-safe; changes wait for one another, searches for nothing.
//
//   ASSIGN_OR_RETURN(auto index, LiveItemIndex::Create(folder, embeddings, dim, options));
//   RETURN_IF_ERROR(index->Apply({{.row = 7, .vector = vector}, {.row = 3}}));  // 3 is deleted.
//   std::vector<ScoredItem> best = index->view()->Search(user_vector, filter, 500);
//   RETURN_IF_ERROR(index->Merge());                                  // On a thread of its own.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/snapshot.h"
#include "retrieval/filters/item_filter.h"
#include "retrieval/index/delta.h"
#include "retrieval/index/item_index.h"
#include "retrieval/index/item_index_builder.h"
#include "retrieval/scored_item.h"

namespace shortlist {

// A new vector for a row, or none: the row is deleted.
struct ItemChange {
  ItemRow row;
  std::vector<float> vector;
};

class LiveItemIndex {
 public:
  class View;

  // Builds the first index; `folder` exists and is this index's own. The embeddings are copied to
  // a file there, and options.queries into memory: later indexes are measured with them, too.
  static absl::StatusOr<std::unique_ptr<LiveItemIndex>> Create(std::filesystem::path folder,
                                                               std::span<const float> embeddings,
                                                               size_t dim,
                                                               ItemIndexOptions options);
  ~LiveItemIndex();

  std::shared_ptr<const View> view() const { return view_.Get(); }

  // All of the changes become visible at once, or none. INVALID_ARGUMENT names a change whose
  // vector has not `dim` finite floats, or whose row would leave a gap: new rows are numbered on
  // from row_count().
  absl::Status Apply(std::span<const ItemChange> changes);

  // Folds what was applied so far into a new index. Changes that are applied meanwhile stay in the
  // delta. After an error everything is as before. One merge at a time.
  absl::Status Merge();

 private:
  // An index, the vectors it was built from, and the rows of those that had none.
  struct Base;

  LiveItemIndex(std::filesystem::path folder, size_t dim, ItemIndexOptions options)
      : folder_(std::move(folder)),
        dim_(dim),
        queries_(options.queries.begin(), options.queries.end()),
        options_(options) {
    options_.queries = queries_;
  }
  // An empty vector: the row is deleted.
  absl::StatusOr<std::shared_ptr<const Base>> BuildBase(
      uint32_t row_count, const std::function<std::span<const float>(ItemRow)>& vector_of);

  std::filesystem::path folder_;
  size_t dim_;
  std::vector<float> queries_;
  ItemIndexOptions options_;  // Refers to queries_.
  size_t builds_ = 0;

  std::mutex merging_;
  std::mutex changing_;
  // What was applied since the merge under way began.
  bool recording_ = false;
  std::vector<ItemChange> recorded_;
  Snapshot<View> view_;
};

// One state of the catalog.
class LiveItemIndex::View {
 public:
  // As ItemIndex::Search. A filter that was compiled for order() is fast; rows beyond that order
  // pass if the filter lets them (ItemFilter::Allow).
  std::vector<ScoredItem> Search(std::span<const float> query, const ItemFilter& filter,
                                 size_t k) const;
  size_t Search(std::span<const float> query, const ItemFilter& filter,
                std::span<ScoredItem> results) const;
  size_t Search(std::span<const float> query, const ItemFilter& filter,
                std::optional<float> breadth, std::span<ScoredItem> results) const;

  const ItemOrder& order() const;
  // Rows that were ever added; deleted ones count.
  uint32_t row_count() const { return row_count_; }
  size_t delta_size() const;
  // The vector of a row; empty when it is deleted.
  std::span<const float> Vector(ItemRow row) const;

 private:
  friend class LiveItemIndex;

  // For a view that nobody else has yet. The changes are valid.
  void Change(std::span<const ItemChange> changes);
  void Remove(const std::unordered_map<ItemRow, std::span<const float>>& rows);
  std::span<const float> VectorInBase(ItemRow row) const;

  std::shared_ptr<const Base> base_;
  // Positions of base_ whose items are deleted or in the delta; null when there are none.
  std::shared_ptr<const PositionBits> hidden_;
  std::vector<std::shared_ptr<const DeltaChunk>> delta_;
  uint32_t row_count_ = 0;
};

}  // namespace shortlist
