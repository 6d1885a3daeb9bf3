#include "training/two_tower_trainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/progress.h"
#include "training/adam.h"
#include "training/request_builder.h"

namespace shortlist {
namespace {

constexpr size_t kMaxValidationUsers = 5'000;
constexpr size_t kValidationCutoff = 50;

// The state of one training run.
class Trainer {
 public:
  Trainer(const Dataset& dataset, std::span<const UserSequence> sequences,
          const TwoTowerOptions& options, WorkerPool& pool)
      : dataset_(dataset),
        sequences_(sequences),
        options_(options),
        pool_(pool),
        network_(options.shape, dataset, pool),
        parameters_(InitialTwoTowerParameters(options.shape, dataset, options.seed)),
        gradients_(ZeroTwoTowerParameters(options.shape, dataset)),
        random_(options.seed) {
    for (const Matrix* matrix : parameters_.All()) adam_.emplace_back(*matrix);
    for (const DatasetInteraction& interaction : dataset.interactions)
      items_.push_back(interaction.item);
    for (const UserSequence& sequence : sequences)
      for (size_t i = sequence.begin; i < sequence.train_end; ++i) examples_.push_back(i);
    PrepareCandidates();
  }

  TwoTowerResult Run() {
    TwoTowerResult result;
    result.shape = options_.shape;
    double best = -1;
    for (size_t epoch = 1; epoch <= options_.max_epochs && !examples_.empty(); ++epoch) {
      const absl::Time start = absl::Now();
      Progress progress(absl::StrFormat("two towers, epoch %d", epoch), examples_.size(),
                        "examples");
      TwoTowerEpoch measured;
      measured.loss = RunEpoch(progress);
      std::string note = absl::StrFormat("loss %.4f", measured.loss);
      if (options_.validate) {
        measured.validation_ndcg = Validate();
        note += absl::StrFormat("  validation NDCG@%d %.4f", kValidationCutoff,
                                measured.validation_ndcg);
      }
      measured.seconds = absl::ToDoubleSeconds(absl::Now() - start);
      progress.Finish(note);
      result.epochs.push_back(measured);
      if (!options_.validate || measured.validation_ndcg > best) {
        best = measured.validation_ndcg;
        result.best_epoch = epoch;
        result.parameters = parameters_;
      }
      if (options_.validate && epoch - result.best_epoch >= options_.patience) break;
    }
    if (result.best_epoch == 0) result.parameters = parameters_;
    ForgetUntrained(result.parameters);
    return result;
  }

 private:
  void PrepareCandidates() {
    const size_t items = dataset_.items.ids.size();
    train_counts_.assign(items, 0);
    for (size_t position : examples_) ++train_counts_[items_[position]];
    candidate_of_item_.assign(items, kNoItem);
    if (items > options_.full_softmax_items) return;
    batch_.candidates.resize(items);
    std::iota(batch_.candidates.begin(), batch_.candidates.end(), 0);
    batch_.log_q.assign(items, 0);
    std::iota(candidate_of_item_.begin(), candidate_of_item_.end(), 0);
  }

  // Id embeddings of items and users without a training interaction are noise, or know of the item
  // only that it was a negative: the item's attributes, the user's history are to speak alone.
  // (An item without attributes keeps its embedding, for want of anything else.)
  void ForgetUntrained(TwoTowerParameters& parameters) const {
    for (ItemRow item = 0; item < train_counts_.size(); ++item) {
      const bool has_codes =
          dataset_.items.code_offsets[item] < dataset_.items.code_offsets[item + 1];
      if (train_counts_[item] == 0 && has_codes) parameters.item_id.row(item).setZero();
    }
    for (uint32_t user = 0; user < sequences_.size(); ++user) {
      if (sequences_[user].begin == sequences_[user].train_end)
        parameters.user_id.row(user).setZero();
    }
  }

  // The batch's targets and uniform draws, with the probability of being among them.
  void SampleCandidates(std::span<const size_t> positions) {
    const size_t items = dataset_.items.ids.size();
    for (ItemRow item : batch_.candidates) candidate_of_item_[item] = kNoItem;
    batch_.candidates.clear();
    batch_.log_q.clear();
    const double total = static_cast<double>(examples_.size());
    const double uniform =
        static_cast<double>(options_.uniform_negatives) / static_cast<double>(items);
    auto add = [&](ItemRow item) {
      if (candidate_of_item_[item] != kNoItem) return;
      candidate_of_item_[item] = static_cast<uint32_t>(batch_.candidates.size());
      batch_.candidates.push_back(item);
      const double in_batch =
          static_cast<double>(train_counts_[item]) * static_cast<double>(positions.size()) / total;
      batch_.log_q.push_back(static_cast<float>(std::log1p(-std::exp(-(in_batch + uniform)))));
    };
    for (size_t position : positions) add(items_[position]);
    std::uniform_int_distribution<ItemRow> draw(0, static_cast<ItemRow>(items - 1));
    for (size_t i = 0; i < options_.uniform_negatives; ++i) add(draw(random_));
  }

  // Mean loss.
  double RunEpoch(Progress& progress) {
    std::shuffle(examples_.begin(), examples_.end(), random_);
    std::bernoulli_distribution drop_user(options_.user_id_dropout);
    double loss = 0;
    for (size_t begin = 0; begin < examples_.size(); begin += options_.batch_size) {
      const std::span<const size_t> positions(
          examples_.data() + begin, std::min(options_.batch_size, examples_.size() - begin));
      if (dataset_.items.ids.size() > options_.full_softmax_items) SampleCandidates(positions);
      batch_.examples.clear();
      for (size_t position : positions) {
        const uint32_t user = dataset_.interactions[position].user;
        TowerExample example = ExampleAt(user, position);
        if (drop_user(random_)) example.user = kNoUser;
        example.target = candidate_of_item_[items_[position]];
        batch_.examples.push_back(example);
      }
      const TowerDropout dropout{
          .input = options_.input_dropout, .item_id = options_.item_id_dropout, .seed = random_()};
      loss += network_.LossAndGradients(parameters_, batch_, options_.temperature, dropout,
                                        gradients_) *
              static_cast<double>(positions.size());
      Step();
      progress.Update(
          begin + positions.size(),
          absl::StrFormat("loss %.4f", loss / static_cast<double>(begin + positions.size())));
    }
    return loss / static_cast<double>(examples_.size());
  }

  void Step() {
    ++step_;
    const AdamOptions adam{.learning_rate = options_.learning_rate,
                           .weight_decay = options_.weight_decay};
    const std::vector<Matrix*> parameters = parameters_.All();
    const std::vector<Matrix*> gradients = gradients_.All();
    for (size_t i = 0; i < parameters.size(); ++i) {
      if (parameters[i] == &parameters_.item_id) {
        adam_[i].StepRows(adam, step_, network_.touched_items(), pool_, *gradients[i],
                          *parameters[i]);
      } else if (parameters[i] == &parameters_.user_id) {
        adam_[i].StepRows(adam, step_, network_.touched_users(), pool_, *gradients[i],
                          *parameters[i]);
      } else {
        adam_[i].Step(adam, step_, *gradients[i], *parameters[i]);
      }
    }
  }

  // The user just before interaction `position` of their sequence, in its circumstances.
  TowerExample ExampleAt(uint32_t user, size_t position) const {
    const size_t begin = sequences_[user].begin;
    return {.user = user,
            .history = {items_.data() + begin, position - begin},
            .user_codes = CodesOf(dataset_.user_attributes, user),
            .context_codes = CodesOf(dataset_.context_attributes, position)};
  }

  // NDCG over users with validation interactions: one ranking of all items each, what the user
  // has in training excluded.
  double Validate() {
    std::vector<uint32_t> users;
    for (uint32_t user = 0; user < sequences_.size(); ++user)
      if (sequences_[user].train_end < sequences_[user].valid_end) users.push_back(user);
    if (users.size() > kMaxValidationUsers) {
      std::mt19937_64 random(options_.seed);
      std::shuffle(users.begin(), users.end(), random);
      users.resize(kMaxValidationUsers);
    }
    std::vector<TowerExample> examples;
    for (uint32_t user : users) examples.push_back(ExampleAt(user, sequences_[user].train_end));
    const Matrix embeddings = ItemEmbeddings(parameters_, dataset_);
    const Matrix vectors = network_.UserVectors(parameters_, embeddings, examples);
    std::vector<double> ndcg(users.size(), 0);
    pool_.ForEachRange(users.size(), [&](size_t, size_t begin, size_t end) {
      Eigen::RowVectorXf scores;
      for (size_t i = begin; i < end; ++i) {
        scores.noalias() = vectors.row(static_cast<Eigen::Index>(i)) * embeddings.transpose();
        ndcg[i] = Ndcg(sequences_[users[i]], scores);
      }
    });
    if (ndcg.empty()) return 0;
    return std::accumulate(ndcg.begin(), ndcg.end(), 0.0) / static_cast<double>(ndcg.size());
  }

  double Ndcg(const UserSequence& sequence, Eigen::RowVectorXf& scores) const {
    for (size_t i = sequence.begin; i < sequence.train_end; ++i)
      scores[items_[i]] = -std::numeric_limits<float>::infinity();
    std::vector<ItemRow> relevant(items_.begin() + static_cast<ptrdiff_t>(sequence.train_end),
                                  items_.begin() + static_cast<ptrdiff_t>(sequence.valid_end));
    std::sort(relevant.begin(), relevant.end());
    relevant.erase(std::unique(relevant.begin(), relevant.end()), relevant.end());
    double gain = 0;
    double ideal = 0;
    for (size_t i = 0; i < relevant.size(); ++i) {
      if (i < kValidationCutoff) ideal += 1.0 / std::log2(static_cast<double>(i) + 2);
      const float score = scores[relevant[i]];
      const auto rank = static_cast<size_t>((scores.array() > score).count());
      if (std::isfinite(score) && rank < kValidationCutoff)
        gain += 1.0 / std::log2(static_cast<double>(rank) + 2);
    }
    return ideal > 0 ? gain / ideal : 0;
  }

  const Dataset& dataset_;
  std::span<const UserSequence> sequences_;
  const TwoTowerOptions& options_;
  WorkerPool& pool_;
  TwoTowerNetwork network_;
  TwoTowerParameters parameters_;
  TwoTowerParameters gradients_;
  std::vector<Adam> adam_;  // In the order of TwoTowerParameters::All.
  uint64_t step_ = 0;
  std::mt19937_64 random_;
  std::vector<ItemRow> items_;          // By interaction.
  std::vector<size_t> examples_;        // Positions in Dataset::interactions.
  std::vector<uint32_t> train_counts_;  // By item.
  std::vector<uint32_t> candidate_of_item_;
  TowerBatch batch_;
};

}  // namespace

TwoTowerResult TrainTwoTower(const Dataset& dataset, std::span<const UserSequence> sequences,
                             const TwoTowerOptions& options, WorkerPool& pool) {
  return Trainer(dataset, sequences, options, pool).Run();
}

}  // namespace shortlist
