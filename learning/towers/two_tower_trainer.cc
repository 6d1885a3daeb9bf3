#include "learning/towers/two_tower_trainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/progress.h"
#include "common/status_macros.h"
#include "learning/towers/adam.h"
#include "learning/towers/untrained_rows.h"

namespace shortlist {
namespace {

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
        random_(options.seed),
        train_counts_(TrainingCounts(dataset, sequences)),
        untrained_(FindUntrained(dataset, sequences)) {
    for (const Matrix* matrix : parameters_.All()) adam_.emplace_back(*matrix);
    for (const DatasetInteraction& interaction : dataset.interactions)
      items_.push_back(interaction.item);
    for (const UserSequence& sequence : sequences)
      for (size_t i = sequence.begin; i < sequence.train_end; ++i) examples_.push_back(i);
    PrepareCandidates();
  }

  absl::StatusOr<TowerResult> Run(const TowerValidation* validation) {
    TowerResult result;
    const absl::Time start = absl::Now();
    for (size_t epoch = 1; epoch <= options_.max_epochs && !examples_.empty(); ++epoch) {
      const absl::Time now = absl::Now();
      if (epoch > 1 && now + (now - start) / (epoch - 1) > options_.deadline) {
        result.cut_short = true;
        break;
      }
      Progress progress(absl::StrFormat("sequence towers, epoch %d", epoch), EpochExamples(),
                        "examples");
      TowerEpoch measured{.epoch = epoch, .loss = RunEpoch(progress, result.cut_short)};
      result.epochs_begun = epoch;
      std::string note = absl::StrFormat("loss %.4f", measured.loss);
      TrainedTowers towers;
      if (validation != nullptr) {
        towers = Towers();
        ASSIGN_OR_RETURN(measured.validation_ndcg, validation->Ndcg(towers));
        note += absl::StrFormat("  validation NDCG@%d %.4f", TowerValidation::kCutoff,
                                measured.validation_ndcg);
      }
      progress.Finish(note);
      result.epochs.push_back(measured);
      if (validation == nullptr) {
        result.best_epoch = epoch;
      } else if (result.best_epoch == 0 || measured.validation_ndcg > result.validation_ndcg) {
        result.validation_ndcg = measured.validation_ndcg;
        result.best_epoch = epoch;
        result.towers = std::move(towers);
      } else if (epoch - result.best_epoch >= options_.patience) {
        break;
      }
    }
    if (validation == nullptr || result.best_epoch == 0) result.towers = Towers();
    return result;
  }

 private:
  void PrepareCandidates() {
    const size_t items = dataset_.items.ids.size();
    candidate_of_item_.assign(items, kNoItem);
    if (items > options_.full_softmax_items) return;
    batch_.candidates.resize(items);
    std::iota(batch_.candidates.begin(), batch_.candidates.end(), 0);
    batch_.log_q.assign(items, 0);
    std::iota(candidate_of_item_.begin(), candidate_of_item_.end(), 0);
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

  size_t EpochExamples() const {
    return options_.epoch_examples == 0 ? examples_.size()
                                        : std::min(options_.epoch_examples, examples_.size());
  }

  // Mean loss. Sets `cut_short` when the deadline ends the epoch.
  double RunEpoch(Progress& progress, bool& cut_short) {
    std::shuffle(examples_.begin(), examples_.end(), random_);
    const size_t count = EpochExamples();
    std::bernoulli_distribution drop_user(options_.user_id_dropout);
    double loss = 0;
    size_t done = 0;
    while (done < count && (done == 0 || absl::Now() < options_.deadline)) {
      const std::span<const size_t> positions(examples_.data() + done,
                                              std::min(options_.batch_size, count - done));
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
      done += positions.size();
      progress.Update(done, absl::StrFormat("loss %.4f", loss / static_cast<double>(done)));
    }
    cut_short |= done < count;
    return loss / static_cast<double>(done);
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
        adam_[i].Step(adam, step_, pool_, *gradients[i], *parameters[i]);
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

  TrainedTowers Towers() const {
    TrainedTowers towers{
        .shape = options_.shape, .item_embeddings = {}, .user_tower = parameters_, .history = {}};
    for (ItemRow item : untrained_.items) towers.user_tower.item_id.row(item).setZero();
    for (uint32_t user : untrained_.users) towers.user_tower.user_id.row(user).setZero();
    if (options_.user_id_dropout >= 1) towers.user_tower.user_id.setZero();
    towers.item_embeddings = ItemEmbeddings(towers.user_tower, dataset_);
    return towers;
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
  std::vector<ItemRow> items_;                // By interaction.
  std::vector<size_t> examples_;              // Positions in Dataset::interactions.
  const std::vector<uint32_t> train_counts_;  // By item.
  const UntrainedRows untrained_;
  std::vector<uint32_t> candidate_of_item_;
  TowerBatch batch_;
};

}  // namespace

absl::StatusOr<TowerResult> TrainTwoTower(const Dataset& dataset,
                                          std::span<const UserSequence> sequences,
                                          const TwoTowerOptions& options,
                                          const TowerValidation* validation, WorkerPool& pool) {
  return Trainer(dataset, sequences, options, pool).Run(validation);
}

}  // namespace shortlist
