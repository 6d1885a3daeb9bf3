// The trainable weights of the two-tower model; the model itself is described in
// retrieval/two_tower.h. Gradients have the same form.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "absl/status/status.h"
#include "data/dataset.h"
#include "retrieval/two_tower.h"

namespace shortlist {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

struct TwoTowerParameters {
  // Embedding tables: one row of D floats per item, attribute value, user.
  Matrix item_id, item_code, user_id, user_code, context_code;
  // The user tower: D x D, 1 x L, 1 x D, H x 4D, 1 x H, D x H, D x 4D.
  Matrix attention, recency, empty, w1, b1, w2, wr;

  // All of them, in a fixed order.
  std::vector<Matrix*> All();
  std::vector<const Matrix*> All() const;
};

// Sized for a data set; all zero.
TwoTowerParameters ZeroTwoTowerParameters(const TwoTowerShape& shape, const Dataset& dataset);

// Where training starts: small random embeddings, and a user tower that begins as an average of
// its inputs.
TwoTowerParameters InitialTwoTowerParameters(const TwoTowerShape& shape, const Dataset& dataset,
                                             uint64_t seed);

// The item tower's output for every item: rows of length 1.
Matrix ItemEmbeddings(const TwoTowerParameters& parameters, const Dataset& dataset);

// What training makes and serving needs, of either kind.
struct TrainedTowers {
  TwoTowerShape shape;
  Matrix item_embeddings;         // The item tower's output: rows of length 1.
  TwoTowerParameters user_tower;  // What there is of the user tower; the item tower's are not used.
  Matrix history;                 // kBag: of every item, as part of a history.
};

// Writes what TwoTower::Open reads.
absl::Status WriteTwoTower(const TrainedTowers& towers, const Dataset& dataset,
                           const std::filesystem::path& path);
// The same with embeddings of `items` items that are made while they are written:
// `make` is that of ArrayFileWriter::AddMade.
absl::Status WriteTwoTower(const TrainedTowers& towers, const Dataset& dataset, size_t items,
                           std::function<std::span<const float>(size_t)> make,
                           const std::filesystem::path& path);

}  // namespace shortlist
