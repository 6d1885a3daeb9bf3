#include "learning/ranker/liked_head.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

absl::Status CheckBothKinds(size_t liked, size_t all, const std::string& what, float liked_value) {
  if (liked > 0 && liked < all) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("cannot train the head for liked items: ", liked == 0 ? "none" : "each", " of ",
                   all, " ", what, " has a value of at least ", liked_value, " (--liked-value)"));
}

}  // namespace

absl::Status CheckLikedValues(const Dataset& dataset, float liked_value) {
  const auto liked = std::count_if(
      dataset.interactions.begin(), dataset.interactions.end(),
      [&](const DatasetInteraction& interaction) { return interaction.value >= liked_value; });
  return CheckBothKinds(static_cast<size_t>(liked), dataset.interactions.size(), "interactions",
                        liked_value);
}

absl::StatusOr<LikedHead> TrainLikedHead(const LabelledExamples& taken_up, float liked_value,
                                         std::span<const float> penalties,
                                         uint64_t spec_fingerprint, WorkerPool& pool) {
  LikedHead head;
  head.liked_value = liked_value;
  head.examples = taken_up.size();
  head.liked =
      static_cast<size_t>(std::count(taken_up.labels.begin(), taken_up.labels.end(), 1.0F));
  RETURN_IF_ERROR(CheckBothKinds(head.liked, head.examples,
                                 "interactions among the candidates of validation", liked_value));
  const ExampleSplit split = SplitByRequest(taken_up);
  const Eigen::VectorXd start =
      KnowsTheShareAlone(taken_up, static_cast<uint32_t>(penalties.size()));
  head.base_log_loss = MeanLogLoss(taken_up, split.held_out, start);
  ChosenStrength chosen =
      ChooseStrength(taken_up, split, start, [&](double l2, Eigen::VectorXd& x) {
        FitLogistic(taken_up, split.fitted, {.l2 = l2, .penalties = penalties}, pool,
                    absl::StrFormat("liked head, L2 %g", l2), x);
      });
  head.l2 = chosen.l2;
  head.log_loss = chosen.log_loss;
  head.strengths = std::move(chosen.tried);
  const PlattCalibration calibration = FitPlatt(taken_up, split.held_out, chosen.x);
  FitLogistic(taken_up, split.all, {.l2 = head.l2, .penalties = penalties}, pool, "", chosen.x);
  head.weights = WeightsOf(chosen.x, calibration, spec_fingerprint);
  return head;
}

}  // namespace shortlist
