#include "ranking/logistic_ranker.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/array_file.h"
#include "common/status_macros.h"

namespace shortlist {

absl::Status WriteLogisticWeights(const LogisticWeights& weights,
                                  const std::filesystem::path& path) {
  ArrayFileWriter writer;
  writer.AddOwned<uint64_t>("spec_fingerprint", {weights.spec_fingerprint});
  writer.AddOwned<float>("bias", {weights.bias});
  writer.AddOwned<float>("calibration", {weights.calibration_slope, weights.calibration_offset});
  writer.Add<float>("weights", weights.weights);
  return writer.Write(path);
}

LogisticRanker::LogisticRanker(LogisticWeights weights, const FeatureExtractor& extractor)
    : extractor_(&extractor), weights_(std::move(weights)) {}

absl::StatusOr<LogisticRanker> LogisticRanker::Open(const std::filesystem::path& path,
                                                    const FeatureExtractor& extractor) {
  ASSIGN_OR_RETURN(ArrayFile file, ArrayFile::Open(path));
  ASSIGN_OR_RETURN(auto fingerprint, file.Get<uint64_t>("spec_fingerprint", 1));
  ASSIGN_OR_RETURN(auto bias, file.Get<float>("bias", 1));
  ASSIGN_OR_RETURN(auto calibration, file.Get<float>("calibration", 2));
  ASSIGN_OR_RETURN(auto values, file.Get<float>("weights"));
  if (fingerprint[0] != extractor.spec().Fingerprint())
    return absl::DataLossError(
        absl::StrCat(file.path(), ": the weights belong to another feature spec"));
  if (values.size() != extractor.width())
    return absl::DataLossError(absl::StrCat(file.path(), ": has ", values.size(),
                                            " weights instead of ", extractor.width()));
  LogisticWeights weights{.spec_fingerprint = fingerprint[0],
                          .bias = bias[0],
                          .calibration_slope = calibration[0],
                          .calibration_offset = calibration[1],
                          .weights = {values.begin(), values.end()}};
  // Larger ones would make scores that are not finite.
  auto finite = [](float x) { return std::abs(x) <= 1e6F; };
  if (!finite(weights.bias) || !finite(weights.calibration_slope) ||
      !finite(weights.calibration_offset) ||
      !std::all_of(weights.weights.begin(), weights.weights.end(), finite))
    return absl::DataLossError(absl::StrCat(file.path(), ": a weight is not finite or too large"));
  return LogisticRanker(std::move(weights), extractor);
}

void LogisticRanker::Score(const UserState& user, const ContextState& context,
                           std::span<const Candidate> candidates, std::span<float> scores) const {
  const FeatureExtractor::Request request = extractor_->Begin(user, context);
  std::vector<FeatureValue> values;
  for (size_t i = 0; i < candidates.size(); ++i) {
    extractor_->Compute(request, candidates[i], i, values);
    float score = weights_.bias;
    for (const FeatureValue& value : values) score += weights_.weights[value.index] * value.value;
    scores[i] = score;
  }
}

float LogisticRanker::Probability(float score) const {
  return 1.0F /
         (1.0F + std::exp(-(weights_.calibration_slope * score + weights_.calibration_offset)));
}

std::vector<std::vector<FeatureContribution>> LogisticRanker::Explain(
    const UserState& user, const ContextState& context, std::span<const Candidate> candidates,
    std::span<const size_t> positions) const {
  const FeatureExtractor::Request request = extractor_->Begin(user, context);
  std::vector<std::vector<FeatureContribution>> explanations;
  for (size_t position : positions)
    explanations.push_back(ExplainOne(request, candidates[position], position));
  return explanations;
}

std::vector<FeatureContribution> LogisticRanker::ExplainOne(
    const FeatureExtractor::Request& request, const Candidate& candidate, size_t position) const {
  std::vector<FeatureValue> values;
  extractor_->Compute(request, candidate, position, values);
  std::vector<FeatureContribution> contributions;
  contributions.push_back({"bias", "", weights_.bias});
  for (size_t begin = 0; begin < values.size();) {
    const size_t feature = extractor_->FeatureOf(values[begin].index);
    size_t end = begin;
    float contribution = 0;
    for (; end < values.size() && extractor_->FeatureOf(values[end].index) == feature; ++end)
      contribution += weights_.weights[values[end].index] * values[end].value;
    const std::span<const FeatureValue> entries(values.data() + begin, end - begin);
    contributions.push_back({extractor_->spec().features[feature].name,
                             extractor_->Describe(request, candidate, feature, entries),
                             contribution});
    begin = end;
  }
  std::stable_sort(contributions.begin(), contributions.end(),
                   [](const FeatureContribution& a, const FeatureContribution& b) {
                     return std::abs(a.contribution) > std::abs(b.contribution);
                   });
  return contributions;
}

}  // namespace shortlist
