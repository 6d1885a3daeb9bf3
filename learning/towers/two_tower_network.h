// Loss and gradients of the two-tower model for one batch; the model is described in
// retrieval/two_tower.h.
//
// The loss is the sampled softmax with logQ correction (Yi et al. 2019, "Sampling-bias-corrected
// neural modeling for large corpus item recommendations"): for example i with user vector u_i and
// target t_i among the candidates C that the whole batch shares,
//   l_i = -log( exp(s(i, t_i)) / sum_{c in C} exp(s(i, c)) ),
//   s(i, c) = u_i . v_c / temperature - log q_c,
// where q_c is the probability that c is among the candidates. The loss is the mean of the l_i.
//
// Not thread-safe; uses the threads of a pool. Deterministic for a fixed number of threads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/parallel.h"
#include "data/dataset.h"
#include "features/encoded_request.h"
#include "learning/towers/softmax_loss.h"
#include "learning/towers/two_tower_parameters.h"

namespace shortlist {

// What the user tower sees, and the item it should point at.
struct TowerExample {
  uint32_t user = kNoUser;                // kNoUser: no id embedding.
  std::span<const ItemRow> history = {};  // Oldest first; only the last max_history are used.
  std::span<const uint32_t> user_codes = {};
  std::span<const uint32_t> context_codes = {};
  uint32_t target = 0;  // Position in TowerBatch::candidates.
};

struct TowerBatch {
  std::vector<TowerExample> examples;
  std::vector<ItemRow> candidates;  // No item twice.
  std::vector<float> log_q;         // By candidate.
};

// Regularisation by leaving out at random; the same for the same seed.
struct TowerDropout {
  float input = 0;    // Share of the user tower's inputs set to 0 (the others are scaled up).
  float item_id = 0;  // Share of the items whose id embedding is left out, where they have
                      // attributes: so that attributes alone make a sensible vector.
  uint64_t seed = 0;
};

class TwoTowerNetwork {
 public:
  // All three must outlive the network.
  TwoTowerNetwork(const TwoTowerShape& shape, const Dataset& dataset, WorkerPool& pool);

  // The mean loss. Overwrites the gradients of the rows in touched_items() and touched_users() of
  // the id tables, whose other rows are left as they are, and those of all other matrices.
  double LossAndGradients(const TwoTowerParameters& parameters, const TowerBatch& batch,
                          float temperature, const TowerDropout& dropout,
                          TwoTowerParameters& gradients);

  // Rows of item_id and user_id that the last batch touched. No row twice.
  std::span<const ItemRow> touched_items() const { return items_; }
  std::span<const uint32_t> touched_users() const { return users_; }

  // User vectors of the examples, one per row, each of length 1; no dropout. Targets are ignored.
  // `item_embeddings` as made by ItemEmbeddings.
  Matrix UserVectors(const TwoTowerParameters& parameters, const Matrix& item_embeddings,
                     std::span<const TowerExample> examples);

 private:
  // One thread's share of the sums over the batch.
  struct Sums {
    Matrix item_vectors, item_code, attention, recency, w1, b1, w2, wr;
  };

  void CollectItems(const TowerBatch& batch);
  void ItemForward(const TwoTowerParameters& parameters, const TowerDropout& dropout);
  void CollectHistories(std::span<const TowerExample> examples, uint32_t empty_row);
  // Of examples [begin, end).
  void UserForward(const TwoTowerParameters& parameters, std::span<const TowerExample> examples,
                   const TowerDropout& dropout, size_t begin, size_t end);
  void UserBackward(const TwoTowerParameters& parameters, size_t begin, size_t end, Sums& sums);
  // Of one example: the first three quarters of its row of x_, its share of attention.
  void PoolHistory(const TwoTowerParameters& parameters, size_t example);
  void AddSide(const TwoTowerParameters& parameters, const TowerExample& example, size_t row);
  void DropInputs(const TowerDropout& dropout, size_t example);
  // Given the gradient by the example's row of x_. Adds to `sums` and to that by its query.
  void PoolHistoryBackward(size_t example, Eigen::Ref<const Eigen::RowVectorXf> d_x,
                           Eigen::Ref<Eigen::RowVectorXf> d_query, Sums& sums);
  std::span<const uint32_t> HistoryOf(size_t example) const {
    return std::span(history_).subspan(history_begin_[example],
                                       history_begin_[example + 1] - history_begin_[example]);
  }
  void ItemBackward(TwoTowerParameters& gradients);
  void SideBackward(const TowerBatch& batch, TwoTowerParameters& gradients);
  void Resize(size_t examples);

  TwoTowerShape shape_;
  const Dataset& dataset_;
  WorkerPool& pool_;
  SoftmaxLoss softmax_;
  Matrix d_candidates_;

  // The batch's items as local rows: the candidates first, then the other items of the histories;
  // one more row of item_vectors_ stands for the empty history.
  std::vector<ItemRow> items_;
  std::vector<uint32_t> local_row_;  // By item; kNoItem outside a batch.
  Matrix item_vectors_;
  std::vector<float> item_norms_;
  std::vector<float> item_id_kept_;  // 0 or 1.

  // Histories as local rows: of example i, history_[history_begin_[i], history_begin_[i + 1]).
  std::vector<uint32_t> history_;
  std::vector<size_t> history_begin_;
  std::vector<float> attention_;  // By position in history_.
  std::vector<uint32_t> users_;

  // One row an example.
  Matrix last_, query_, x_, mask_, hidden_, user_vectors_, d_user_vectors_, d_side_;
  std::vector<float> user_norms_;
  std::vector<Sums> sums_;  // By thread.
};

}  // namespace shortlist
