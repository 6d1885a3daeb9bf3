#include "learning/towers/bag_tower_trainer.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <random>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/progress.h"
#include "common/status_macros.h"
#include "common/vector_kernels.h"
#include "learning/items/interaction_matrix.h"
#include "learning/towers/adam.h"
#include "learning/towers/softmax_loss.h"
#include "learning/towers/unit_rows.h"
#include "learning/towers/untrained_rows.h"

namespace shortlist {
namespace {

using Eigen::Index;

// The user tower looks at the last items of a longer history.
constexpr uint32_t kMaxHistory = 1'000;

// An id embedding and attributes' for every row.
struct Table {
  Matrix id, code;
};

// Splits rows more finely than by threads, since some have far more neighbours than others.
constexpr size_t kRangesPerThread = 32;

class BagTowerTrainer {
 public:
  BagTowerTrainer(const Dataset& dataset, std::span<const UserSequence> sequences,
                  const BagTowerOptions& options, WorkerPool& pool)
      : dataset_(dataset),
        options_(options),
        pool_(pool),
        softmax_(pool),
        random_(options.seed),
        items_of_(ItemsOfUsers(dataset, sequences)),
        users_of_(Transposed(items_of_, dataset.items.ids.size())),
        user_scale_(DegreeScales(items_of_)),
        item_scale_(DegreeScales(users_of_)),
        untrained_(FindUntrained(dataset, sequences)) {
    const TwoTowerShape shape{.dim = options.dim, .hidden = 0, .max_history = 0};
    const TwoTowerParameters tables = InitialTwoTowerParameters(shape, dataset, options.seed);
    items_ = {tables.item_id, tables.item_code};
    // Users and items meet as equals in the graph.
    users_ = {5 * tables.user_id, 5 * tables.user_code};
    for (uint32_t user = 0; user < items_of_.rows(); ++user)
      if (!items_of_[user].empty()) order_.push_back(user);
  }

  absl::StatusOr<TowerResult> Run(const TowerValidation* validation) {
    TowerResult result{.schedule_epochs = options_.schedule_epochs};
    Optimiser optimiser(*this);
    const absl::Time start = absl::Now();
    for (size_t epoch = 1; !order_.empty(); ++epoch) {
      if (epoch > std::min(options_.epochs, result.schedule_epochs)) break;
      Progress progress(absl::StrFormat("bag towers, epoch %d", epoch), order_.size(), "users");
      TowerEpoch measured{.epoch = epoch, .loss = RunEpoch(epoch, optimiser, progress, result)};
      result.epochs_begun = epoch;
      const absl::Time now = absl::Now();
      const double fit = std::max(
          0.0,
          absl::FDivDuration(options_.deadline - now, (now - start) / static_cast<double>(epoch)));
      const size_t wanted = std::min(options_.epochs, result.schedule_epochs) - epoch;
      if (static_cast<double>(wanted) > fit) {
        result.schedule_epochs = epoch + static_cast<size_t>(fit);
        result.cut_short = true;
      }
      std::string note = absl::StrFormat("loss %.4f", measured.loss);
      const bool last = epoch >= std::min(options_.epochs, result.schedule_epochs);
      if (validation == nullptr) {
        result.best_epoch = epoch;
        result.epochs.push_back(measured);
      } else if (last || epoch % options_.validate_every == 0) {
        TrainedTowers towers = Towers();
        ASSIGN_OR_RETURN(measured.validation_ndcg, validation->Ndcg(towers));
        note += absl::StrFormat("  validation NDCG@%d %.4f", TowerValidation::kCutoff,
                                measured.validation_ndcg);
        result.epochs.push_back(measured);
        if (result.best_epoch == 0 || measured.validation_ndcg > result.validation_ndcg) {
          result.validation_ndcg = measured.validation_ndcg;
          result.best_epoch = epoch;
          result.towers = std::move(towers);
        }
      }
      progress.Finish(note);
    }
    if (validation == nullptr || result.best_epoch == 0) result.towers = Towers();
    return result;
  }

 private:
  struct Optimiser {
    explicit Optimiser(const BagTowerTrainer& trainer)
        : item_id(trainer.items_.id),
          item_code(trainer.items_.code),
          user_id(trainer.users_.id),
          user_code(trainer.users_.code) {}
    Adam item_id, item_code, user_id, user_code;
    uint64_t step = 0;
  };

  // Mean loss. Sets `result.cut_short` when the deadline ends the epoch.
  double RunEpoch(size_t epoch, Optimiser& optimiser, Progress& progress, TowerResult& result) {
    const size_t batch_size =
        std::clamp<size_t>(order_.size() / options_.min_steps, 1, options_.batch_size);
    std::shuffle(order_.begin(), order_.end(), random_);
    double loss = 0;
    size_t done = 0;
    while (done < order_.size() && (done == 0 || absl::Now() < options_.deadline)) {
      const std::span<const uint32_t> batch(order_.data() + done,
                                            std::min(batch_size, order_.size() - done));
      loss += LossAndGradients(batch);
      const double share = (static_cast<double>(epoch - 1) +
                            static_cast<double>(done) / static_cast<double>(order_.size())) /
                           static_cast<double>(result.schedule_epochs);
      const AdamOptions adam{
          .learning_rate = options_.learning_rate *
                           static_cast<float>(0.5 * (1 + std::cos(std::numbers::pi * share))),
          .weight_decay = options_.weight_decay};
      ++optimiser.step;
      optimiser.item_id.Step(adam, optimiser.step, pool_, d_items_.id, items_.id);
      optimiser.item_code.Step(adam, optimiser.step, pool_, d_items_.code, items_.code);
      optimiser.user_id.Step(adam, optimiser.step, pool_, d_users_.id, users_.id);
      optimiser.user_code.Step(adam, optimiser.step, pool_, d_users_.code, users_.code);
      done += batch.size();
      progress.Update(done, absl::StrFormat("loss %.4f", loss / static_cast<double>(done)));
    }
    result.cut_short |= done < order_.size();
    return loss / static_cast<double>(done);
  }

  std::vector<float> DegreeScales(const InteractionMatrix& matrix) const {
    std::vector<float> scales(matrix.rows(), 0);
    for (size_t row = 0; row < matrix.rows(); ++row)
      if (!matrix[row].empty())
        scales[row] = std::pow(static_cast<float>(matrix[row].size()), -options_.degree_exponent);
    return scales;
  }

  // What every row starts from: its id embedding plus the mean of its attributes'.
  Matrix Base(const Table& table, std::span<const uint64_t> offsets,
              std::span<const uint32_t> codes) const {
    Matrix base = table.id;
    if (table.code.rows() == 0) return base;
    pool_.ForEachRange(static_cast<size_t>(base.rows()), [&](size_t, size_t begin, size_t end) {
      for (size_t row = begin; row < end; ++row) {
        const float share = 1.0F / static_cast<float>(offsets[row + 1] - offsets[row]);
        for (uint64_t i = offsets[row]; i < offsets[row + 1]; ++i)
          AddScaled(share, table.code.row(codes[i]).data(),
                    base.row(static_cast<Index>(row)).data(), options_.dim);
      }
    });
    return base;
  }

  // The table's gradient, given that of the bases.
  static void BaseBackward(Matrix d_base, std::span<const uint64_t> offsets,
                           std::span<const uint32_t> codes, Table& gradient, Index code_rows) {
    gradient.code.setZero(code_rows, d_base.cols());
    if (code_rows > 0) {
      for (Index row = 0; row < d_base.rows(); ++row) {
        const auto r = static_cast<size_t>(row);
        const float share = 1.0F / static_cast<float>(offsets[r + 1] - offsets[r]);
        for (uint64_t i = offsets[r]; i < offsets[r + 1]; ++i)
          AddScaled(share, d_base.row(row).data(), gradient.code.row(codes[i]).data(),
                    static_cast<size_t>(d_base.cols()));
      }
    }
    gradient.id = std::move(d_base);
  }

  // sums[row] = sum over the row's columns of their edge's weight times their vector.
  void Gather(const InteractionMatrix& matrix, std::span<const float> row_scales,
              std::span<const float> column_scales, const Matrix& vectors, Matrix& sums) const {
    sums.resize(static_cast<Index>(matrix.rows()), vectors.cols());
    const size_t ranges = pool_.threads() * kRangesPerThread;
    pool_.ForEach(ranges, [&](size_t range) {
      const size_t end = matrix.rows() * (range + 1) / ranges;
      for (size_t row = matrix.rows() * range / ranges; row < end; ++row) {
        const std::span<const uint32_t> columns = matrix[row];
        WeightedRowSum(vectors.data(), options_.dim, columns.data(), columns.size(),
                       column_scales.data(), row_scales[row],
                       sums.row(static_cast<Index>(row)).data());
      }
    });
  }

  // Replaces the bases by their propagation. The graph being symmetric, this is also the way back
  // of gradients. `before_last`, if wanted: the items' sum without the last hop.
  void Propagate(Matrix& users, Matrix& items, Matrix* items_before_last = nullptr) const {
    Matrix user_layer = users;
    Matrix item_layer = items;
    Matrix next_users, next_items;
    float weight = 1;
    for (uint32_t hop = 0; hop < options_.hops; ++hop) {
      if (hop + 1 == options_.hops && items_before_last != nullptr) *items_before_last = items;
      weight *= options_.hop_weight;
      Gather(items_of_, user_scale_, item_scale_, item_layer, next_users);
      Gather(users_of_, item_scale_, user_scale_, user_layer, next_items);
      std::swap(user_layer, next_users);
      std::swap(item_layer, next_items);
      pool_.ForEachRange(static_cast<size_t>(users.size()), [&](size_t, size_t begin, size_t end) {
        AddScaled(weight, user_layer.data() + begin, users.data() + begin, end - begin);
      });
      pool_.ForEachRange(static_cast<size_t>(items.size()), [&](size_t, size_t begin, size_t end) {
        AddScaled(weight, item_layer.data() + begin, items.data() + begin, end - begin);
      });
    }
  }

  std::pair<Matrix, Matrix> Bases() const {
    return {Base(users_, dataset_.user_attributes.offsets, dataset_.user_attributes.codes),
            Base(items_, dataset_.items.code_offsets, dataset_.items.codes)};
  }

  // Rows made of length 1, and their lengths before.
  std::vector<float> Normalise(Matrix& vectors) const {
    std::vector<float> norms(static_cast<size_t>(vectors.rows()));
    pool_.ForEachRange(norms.size(), [&](size_t, size_t begin, size_t end) {
      for (size_t row = begin; row < end; ++row) {
        norms[row] = NormaliseRow(vectors.row(static_cast<Index>(row)));
      }
    });
    return norms;
  }

  // The gradient by vectors of length 1 becomes that by the vectors before.
  void NormaliseBackward(const Matrix& vectors, std::span<const float> norms,
                         Matrix& gradient) const {
    pool_.ForEachRange(norms.size(), [&](size_t, size_t begin, size_t end) {
      for (size_t r = begin; r < end; ++r) {
        const auto row = static_cast<Index>(r);
        NormaliseRowBackward(vectors.row(row), norms[r], gradient.row(row));
      }
    });
  }

  // The sum over the batch of each user's mean loss over their items.
  double LossAndGradients(std::span<const uint32_t> batch) {
    auto [users, items] = Bases();
    Propagate(users, items);
    const std::vector<float> item_norms = Normalise(items);
    Matrix chosen(static_cast<Index>(batch.size()), users.cols());
    std::bernoulli_distribution leave_out(options_.user_id_dropout);
    std::vector<char> left_out(batch.size());
    SoftmaxTargets targets;
    for (size_t i = 0; i < batch.size(); ++i) {
      const auto row = static_cast<Index>(i);
      chosen.row(row) = users.row(batch[i]);
      left_out[i] = leave_out(random_) ? 1 : 0;
      if (left_out[i]) chosen.row(row) -= users_.id.row(batch[i]);
      const std::span<const uint32_t> wanted = items_of_[batch[i]];
      targets.Add(wanted, 1.0F / static_cast<float>(wanted.size()));
    }
    const std::vector<float> norms = Normalise(chosen);
    Matrix d_chosen, d_items;
    const double loss =
        softmax_.Run(chosen, items, {}, targets, options_.temperature, d_chosen, d_items);
    NormaliseBackward(chosen, norms, d_chosen);
    NormaliseBackward(items, item_norms, d_items);
    Matrix d_users = Matrix::Zero(users.rows(), users.cols());
    for (size_t i = 0; i < batch.size(); ++i)
      d_users.row(batch[i]) = d_chosen.row(static_cast<Index>(i));
    Propagate(d_users, d_items);
    BaseBackward(std::move(d_users), dataset_.user_attributes.offsets,
                 dataset_.user_attributes.codes, d_users_, users_.code.rows());
    BaseBackward(std::move(d_items), dataset_.items.code_offsets, dataset_.items.codes, d_items_,
                 items_.code.rows());
    for (size_t i = 0; i < batch.size(); ++i)
      if (left_out[i]) d_users_.id.row(batch[i]) -= d_chosen.row(static_cast<Index>(i));
    return loss;
  }

  TrainedTowers Towers() const {
    TrainedTowers towers;
    towers.shape = {.kind = TowerKind::kBag,
                    .dim = options_.dim,
                    .hidden = 0,
                    .max_history = kMaxHistory,
                    .degree_exponent = options_.degree_exponent};
    auto [users, items] = Bases();
    towers.user_tower.user_id = users_.id;
    for (uint32_t user : untrained_.users) {
      users.row(user) -= users_.id.row(user);
      towers.user_tower.user_id.row(user).setZero();
    }
    for (ItemRow item : untrained_.items) items.row(item) -= items_.id.row(item);
    Matrix before_last;
    Propagate(users, items, &before_last);
    // user = base + n_u^-a sum over the history of n_i^-a w (sum without the last hop)_i.
    towers.history = std::move(before_last);
    for (size_t row = 0; row < users_of_.rows(); ++row)
      towers.history.row(static_cast<Index>(row)) *= options_.hop_weight * item_scale_[row];
    towers.item_embeddings = std::move(items);
    Normalise(towers.item_embeddings);
    towers.user_tower.user_code = users_.code;
    // Who has no history is like the average of those who have one.
    Normalise(users);
    towers.user_tower.empty = Matrix::Zero(1, users.cols());
    for (uint32_t user : order_) towers.user_tower.empty += users.row(user);
    towers.user_tower.empty /= std::max<float>(1, static_cast<float>(order_.size()));
    return towers;
  }

  const Dataset& dataset_;
  const BagTowerOptions& options_;
  WorkerPool& pool_;
  SoftmaxLoss softmax_;
  std::mt19937_64 random_;
  const InteractionMatrix items_of_;
  const InteractionMatrix users_of_;
  const std::vector<float> user_scale_;
  const std::vector<float> item_scale_;
  const UntrainedRows untrained_;
  std::vector<uint32_t> order_;  // Users with interactions.
  Table users_, items_;
  Table d_users_, d_items_;
};

}  // namespace

absl::StatusOr<TowerResult> TrainBagTowers(const Dataset& dataset,
                                           std::span<const UserSequence> sequences,
                                           const BagTowerOptions& options,
                                           const TowerValidation* validation, WorkerPool& pool) {
  return BagTowerTrainer(dataset, sequences, options, pool).Run(validation);
}

}  // namespace shortlist
