// The two-tower model as it is served: user vector and item embeddings in one space, all of
// length 1, so that an inner product is a cosine.
//
// Item tower: the item's id embedding plus the mean of its attributes' embeddings, normalised.
// It runs in training; a bundle holds its output for every item.
//
// User tower: runs per request. There are two kinds; training chooses what suits the data.
//
// kSequence, where the order of the history matters, works on the item embeddings v of its last
// items,
//   pooled = sum_j softmax_j(q . v_j / sqrt(D) + recency_j) v_j,  q = Wq v_last
//   mean   = mean_j v_j
//   side   = user id embedding + mean of user attributes' + sum of context attributes' embeddings
//   x = [pooled, v_last, mean, side]
//   user vector = normalise(Wr x + W2 relu(W1 x + b1))
// An empty history stands as one learned item vector.
//
// kBag, where it does not, has a second vector h of every item, as part of a history, and sums
// these over the n different items of the history:
//   user vector = normalise(user id embedding + mean of user attributes' + n^-a sum_j h_j)
// An empty history has a learned sum. (learning/towers/bag_tower_trainer.h says how they come
// about.)
//
// A user without an id embedding has zeros there, which training shows it often enough.
//
// Immutable, memory-mapped, thread-safe.
//
//   ASSIGN_OR_RETURN(TwoTower towers, TwoTower::Open(folder / "towers.arr", catalog.item_count()));
//   std::vector<float> u = towers.UserVector(user, context);
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/array_file.h"
#include "features/encoded_request.h"

namespace shortlist {

enum class TowerKind : uint32_t { kSequence, kBag };

// Sizes of a two-tower model.
struct TwoTowerShape {
  TowerKind kind = TowerKind::kSequence;
  uint32_t dim = 64;
  uint32_t hidden = 128;
  uint32_t max_history = 50;  // Items of the history that the user tower looks at, the last ones.
  float degree_exponent = 0;  // The a of kBag.
};

class TwoTower {
 public:
  // The file also holds the RequestSchema that users and contexts are encoded by.
  static absl::StatusOr<TwoTower> Open(const std::filesystem::path& path, uint32_t item_count);

  size_t dim() const { return shape_.dim; }
  const TwoTowerShape& shape() const { return shape_; }
  // The same for rows behind those of the file, too: both begin with the rows of the file.
  TwoTower WithItems(std::span<const float> item_embeddings,
                     std::span<const float> history_vectors) const {
    TwoTower longer = *this;
    longer.item_embeddings_ = item_embeddings;
    longer.history_ = history_vectors;
    return longer;
  }

  // item_count rows of dim() floats, each of length 1, or zero (VectorOrigin::kNone).
  std::span<const float> item_embeddings() const { return item_embeddings_; }
  std::span<const float> item_embedding(ItemRow row) const {
    return item_embeddings_.subspan(static_cast<size_t>(row) * shape_.dim, shape_.dim);
  }
  // Of kBag, item_count rows of dim() floats: the items as parts of a history. Otherwise empty.
  std::span<const float> history_vectors() const { return history_; }
  // dim() floats of length 1.
  std::vector<float> UserVector(const EncodedUser& user, const EncodedContext& context) const;

 private:
  std::vector<float> SequenceVector(const EncodedUser& user, const EncodedContext& context) const;
  std::vector<float> BagVector(const EncodedUser& user) const;

  TwoTowerShape shape_;
  ArrayFile file_;
  std::span<const float> item_embeddings_;
  // Row-major matrices; see two_tower.cc for the shapes.
  std::span<const float> attention_, recency_, empty_, user_id_, user_code_, context_code_;
  std::span<const float> w1_, b1_, w2_, wr_;
  std::span<const float> history_;
};

}  // namespace shortlist
