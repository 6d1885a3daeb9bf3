#include "learning/towers/tower_trainer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "learning/items/interaction_matrix.h"
#include "learning/towers/tower_validation.h"

namespace shortlist {
namespace {

// Floating-point operations a second and thread that are counted on: about half of what matrix
// products reach.
constexpr double kOperationsPerSecond = 40e9;
// Reading a neighbour's vector from memory takes as long as this many operations on it.
constexpr double kGatherCost = 10;
// Forward, and the gradients of both sides.
constexpr double kProductsPerScore = 6;
// Time for one refit, in that of the run that was chosen: it has more examples.
constexpr double kRefit = 1.2;

constexpr uint32_t kSmallDim = 64;
constexpr uint32_t kLargeDim = 128;
// Short runs of the bag towers, which choose their settings: how long, how many, and the share of
// the time for them.
constexpr double kTrialSteps = 100;
constexpr double kTrials = 4;
constexpr double kTrialShare = 0.3;
// By how much a setting must be better than that to start from: a few thousand users are no exact
// measure, and what to start from has done well wherever it was tried.
constexpr double kClearly = 1.03;
// Examples a user, on average, from which on users' own embeddings are tried.
constexpr double kManyExamples = 30;
// Epochs of the sequence towers where there is no validation to stop them: it does so after 3 to 12
// on the data sets of docs/evaluation.md.
constexpr size_t kUnvalidatedEpochs = 8;
// A short run that validates below this share of the other kind's best is not followed up.
constexpr double kHopeless = 0.75;
// More dimensions are worth it if there is time for this share of the epochs wanted.
constexpr double kEnough = 0.7;

class Chooser {
 public:
  Chooser(const Dataset& dataset, std::span<const UserSequence> sequences,
          const TowerOptions& options, uint64_t seed, WorkerPool& pool)
      : dataset_(dataset),
        sequences_(sequences),
        options_(options),
        seed_(seed),
        pool_(pool),
        validation_(dataset, sequences, seed, pool),
        end_(absl::Now() + absl::Seconds(options.time_budget)),
        operations_left_(options.time_budget * kOperationsPerSecond *
                         static_cast<double>(pool.threads())) {
    const InteractionMatrix items_of = ItemsOfUsers(dataset, sequences);
    edges_ = static_cast<double>(items_of.columns.size());
    for (size_t user = 0; user < items_of.rows(); ++user) users_ += !items_of[user].empty();
    for (const UserSequence& sequence : sequences)
      examples_ += static_cast<double>(sequence.train_end - sequence.begin);
    items_ = static_cast<double>(dataset.items.ids.size());
  }

  absl::StatusOr<ChosenTowers> Choose() {
    // A fixed split without times has no order to learn from.
    const bool has_order = dataset_.has_times || dataset_.parts.empty();
    const bool try_sequence = options_.kind ? *options_.kind == TowerKind::kSequence : has_order;
    const bool try_bag =
        options_.kind ? *options_.kind == TowerKind::kBag : !has_order || !validation_.empty();
    // Users' own embeddings lead to learning users by heart unless there is much of each.
    const bool try_user_ids = !validation_.empty() && examples_ >= kManyExamples * users_;
    runs_left_ = (try_sequence ? 1 + try_user_ids : 0) + try_bag;
    std::optional<ChosenTowers> best;
    if (try_sequence) {
      TwoTowerOptions without = options_.sequence;
      without.user_id_dropout = 1;
      ASSIGN_OR_RETURN(best, ChooseSequence(without));
      if (try_user_ids) {
        ASSIGN_OR_RETURN(ChosenTowers with, ChooseSequence(options_.sequence));
        if (kClearly * with.choice.validation_ndcg > best->choice.validation_ndcg)
          best = std::move(with);
      }
    }
    if (try_bag) {
      ASSIGN_OR_RETURN(std::optional<ChosenTowers> bag,
                       ChooseBag(best ? kHopeless * best->choice.validation_ndcg : 0));
      if (bag && (!best || bag->choice.validation_ndcg > best->choice.validation_ndcg))
        best = *std::move(bag);
    }
    if (cut_short_)
      LogWarning(absl::StrFormat(
          "choosing the towers was cut short to end within %.0f s: give it more time, or the "
          "machine",
          options_.time_budget));
    best->choice.seconds_left = absl::ToDoubleSeconds(end_ - absl::Now());
    LogInfo(absl::StrCat("towers: ", Describe(best->choice)));
    return *std::move(best);
  }

 private:
  // What the next run may take: the rest is for the other runs and the refit.
  double Operations() const { return operations_left_ / (runs_left_ + kRefit); }
  absl::Time Deadline() const {
    const absl::Time now = absl::Now();
    return now + (end_ - now) / (runs_left_ + kRefit);
  }

  // Whole epochs, at least one. (What costs nothing can be had infinitely often.)
  static size_t Affordable(double epochs, size_t wanted) {
    return static_cast<size_t>(std::clamp(epochs, 1.0, static_cast<double>(wanted)));
  }

  // Operations of an epoch.
  double SequenceCost(const TwoTowerOptions& options) const {
    const double dim = options.shape.dim;
    const double candidates =
        items_ <= static_cast<double>(options.full_softmax_items)
            ? items_
            : static_cast<double>(options.uniform_negatives + options.batch_size);
    // The user tower's own products, and its history.
    const double tower =
        dim * (8 * dim + 5 * options.shape.hidden) + kGatherCost * dim * options.shape.max_history;
    return examples_ * kProductsPerScore * (candidates * dim + tower);
  }
  double BagCost(const BagTowerOptions& options) const {
    const double dim = options.dim;
    const double steps = StepsPerEpoch(options);
    // Both ways, forward and backward.
    const double propagation = 4 * options.hops * kGatherCost * edges_ * dim;
    const double adam = kGatherCost * (users_ + items_) * dim;
    return users_ * items_ * dim * kProductsPerScore + steps * (propagation + adam);
  }

  absl::StatusOr<ChosenTowers> ChooseSequence(TwoTowerOptions sequence) {
    sequence.seed = seed_;
    if (options_.dim > 0) sequence.shape.dim = options_.dim;
    if (validation_.empty())
      sequence.max_epochs = std::min(sequence.max_epochs, kUnvalidatedEpochs);
    if (options_.max_epochs > 0) sequence.max_epochs = options_.max_epochs;
    const double epochs = Operations() / SequenceCost(sequence);
    sequence.max_epochs = Affordable(epochs, sequence.max_epochs);
    if (epochs < 1) sequence.epoch_examples = static_cast<size_t>(std::ceil(epochs * examples_));
    sequence.deadline = Deadline();
    --runs_left_;
    ASSIGN_OR_RETURN(TowerResult trained,
                     TrainTwoTower(dataset_, sequences_, sequence, Validation(), pool_));
    operations_left_ -=
        static_cast<double>(trained.epochs_begun) * std::min(epochs, 1.0) * SequenceCost(sequence);
    cut_short_ |= trained.cut_short;
    sequence.deadline = absl::InfiniteFuture();
    sequence.max_epochs = std::max<size_t>(trained.best_epoch, 1);
    return ChosenTowers{.towers = std::move(trained.towers),
                        .choice = {.kind = TowerKind::kSequence,
                                   .sequence = sequence,
                                   .bag = {},
                                   .validation_ndcg = trained.validation_ndcg},
                        .epochs = std::move(trained.epochs)};
  }

  // Nothing when a short run with the settings to start from validates below `hopeless`.
  absl::StatusOr<std::optional<ChosenTowers>> ChooseBag(double hopeless) {
    BagTowerOptions bag = options_.bag;
    bag.seed = seed_;
    bag.dim = options_.dim > 0 ? options_.dim : kSmallDim;
    if (options_.max_epochs > 0) bag.schedule_epochs = options_.max_epochs;
    if (!validation_.empty() &&
        kTrials * TrialEpochs(bag) * BagCost(bag) < kTrialShare * operations_left_) {
      ASSIGN_OR_RETURN(const double ndcg, ChooseBagSettings(hopeless, bag));
      if (ndcg < hopeless) return std::nullopt;
    }
    if (options_.dim == 0) {
      BagTowerOptions large = bag;
      large.dim = kLargeDim;
      if (Operations() >= kEnough * static_cast<double>(bag.schedule_epochs) * BagCost(large))
        bag = large;
    }
    bag.schedule_epochs = Affordable(Operations() / BagCost(bag), bag.schedule_epochs);
    bag.deadline = Deadline();
    --runs_left_;
    ASSIGN_OR_RETURN(ChosenTowers chosen, TrainBag(bag));
    return std::make_optional(std::move(chosen));
  }

  // Short runs, one setting after the other. The best validation, of the first alone when that is
  // below `hopeless`.
  absl::StatusOr<double> ChooseBagSettings(double hopeless, BagTowerOptions& bag) {
    double best = -1;
    auto consider = [&](BagTowerOptions trial) -> absl::Status {
      const BagTowerOptions full = trial;
      trial.schedule_epochs = static_cast<size_t>(TrialEpochs(trial));
      trial.validate_every = trial.schedule_epochs;
      trial.deadline = absl::Now() + (end_ - absl::Now()) * (kTrialShare / kTrials);
      ASSIGN_OR_RETURN(const ChosenTowers tried, TrainBag(trial));
      LogInfo(absl::StrCat("trial: ", Describe(tried.choice)));
      if (best < 0 || tried.choice.validation_ndcg > kClearly * best) {
        best = tried.choice.validation_ndcg;
        bag = full;
      }
      return absl::OkStatus();
    };
    const BagTowerOptions start = bag;
    RETURN_IF_ERROR(consider(start));
    if (best < hopeless) return best;
    for (float temperature : {0.1F, 0.22F}) {
      BagTowerOptions trial = start;
      trial.temperature = temperature;
      RETURN_IF_ERROR(consider(trial));
    }
    BagTowerOptions trial = bag;
    trial.degree_exponent = 0.5F;
    RETURN_IF_ERROR(consider(trial));
    return best;
  }

  absl::StatusOr<ChosenTowers> TrainBag(BagTowerOptions bag) {
    bag.epochs = bag.schedule_epochs;
    ASSIGN_OR_RETURN(TowerResult trained,
                     TrainBagTowers(dataset_, sequences_, bag, Validation(), pool_));
    operations_left_ -= static_cast<double>(trained.epochs_begun) * BagCost(bag);
    cut_short_ |= trained.cut_short;
    bag.deadline = absl::InfiniteFuture();
    bag.schedule_epochs = trained.schedule_epochs;
    bag.epochs = std::max<size_t>(trained.best_epoch, 1);
    return ChosenTowers{.towers = std::move(trained.towers),
                        .choice = {.kind = TowerKind::kBag,
                                   .sequence = {},
                                   .bag = bag,
                                   .validation_ndcg = trained.validation_ndcg},
                        .epochs = std::move(trained.epochs)};
  }

  double StepsPerEpoch(const BagTowerOptions& options) const {
    return std::max(std::ceil(users_ / static_cast<double>(options.batch_size)),
                    std::min(users_, static_cast<double>(options.min_steps)));
  }
  double TrialEpochs(const BagTowerOptions& options) const {
    return std::ceil(kTrialSteps / std::max(1.0, StepsPerEpoch(options)));
  }

  // None without anything to validate on.
  const TowerValidation* Validation() const { return validation_.empty() ? nullptr : &validation_; }

  const Dataset& dataset_;
  std::span<const UserSequence> sequences_;
  const TowerOptions& options_;
  const uint64_t seed_;
  WorkerPool& pool_;
  const TowerValidation validation_;
  const absl::Time end_;
  double operations_left_;
  int runs_left_ = 0;  // Beside the refit.
  bool cut_short_ = false;
  double users_ = 0;  // With training interactions.
  double items_ = 0;
  double edges_ = 0;     // Different pairs of user and item.
  double examples_ = 0;  // Training interactions.
};

}  // namespace

std::string Describe(const TowerChoice& choice) {
  if (choice.kind == TowerKind::kBag)
    return absl::StrFormat(
        "history without order, %d dimensions, %d hops, degree exponent %.2f, temperature %.2f, "
        "%d of %d epochs: validation NDCG@%d %.4f",
        choice.bag.dim, choice.bag.hops, choice.bag.degree_exponent, choice.bag.temperature,
        choice.bag.epochs, choice.bag.schedule_epochs, TowerValidation::kCutoff,
        choice.validation_ndcg);
  const TwoTowerOptions& sequence = choice.sequence;
  return absl::StrFormat(
      "history in order, %s users' own embeddings, %d dimensions, temperature %.2f, %d epochs: "
      "validation NDCG@%d %.4f",
      sequence.user_id_dropout < 1 ? "with" : "without", sequence.shape.dim, sequence.temperature,
      sequence.max_epochs, TowerValidation::kCutoff, choice.validation_ndcg);
}

absl::StatusOr<ChosenTowers> ChooseTowers(const Dataset& dataset,
                                          std::span<const UserSequence> sequences,
                                          const TowerOptions& options, uint64_t seed,
                                          WorkerPool& pool) {
  return Chooser(dataset, sequences, options, seed, pool).Choose();
}

absl::StatusOr<TrainedTowers> RefitTowers(const Dataset& dataset,
                                          std::span<const UserSequence> sequences,
                                          const ChosenTowers& chosen, WorkerPool& pool) {
  const TowerChoice& choice = chosen.choice;
  const absl::Time deadline = absl::Now() + absl::Seconds(choice.seconds_left);
  TowerResult trained;
  size_t epochs = 0;
  if (choice.kind == TowerKind::kBag) {
    BagTowerOptions bag = choice.bag;
    bag.deadline = deadline;
    epochs = bag.epochs;
    ASSIGN_OR_RETURN(trained, TrainBagTowers(dataset, sequences, bag, nullptr, pool));
  } else {
    TwoTowerOptions sequence = choice.sequence;
    sequence.deadline = deadline;
    epochs = sequence.max_epochs;
    ASSIGN_OR_RETURN(trained, TrainTwoTower(dataset, sequences, sequence, nullptr, pool));
  }
  if (!trained.cut_short) return std::move(trained.towers);
  // The last epoch that was begun may have been a single batch.
  const bool kept = 2 * trained.epochs_begun < epochs + 2;
  LogWarning(absl::StrFormat(
      "training the chosen towers once more was cut short in epoch %d of %d, by %.0f s that were "
      "left of the time budget%s: give it more time, or the machine",
      trained.epochs_begun, epochs, choice.seconds_left,
      kept ? "; the towers as chosen, trained without the validation part, are kept" : ""));
  if (kept) return chosen.towers;
  return std::move(trained.towers);
}

}  // namespace shortlist
