// Stage two: logistic regression over the features of user, item, context and their crosses.
//
// score = bias + sum_f weight_f x_f (log-odds); probability = 1 / (1 + exp(-(a score + b))), the
// calibration of Platt (1999).
//
// Const and thread-safe; refers to the feature extractor, which must outlive it.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/array_file.h"
#include "features/feature_extractor.h"
#include "features/user_state.h"

namespace shortlist {

// One feature's part in a score.
struct FeatureContribution {
  std::string feature;
  std::string value;   // Readable.
  float contribution;  // Log-odds.
};

// What a ranker is made of.
struct LogisticWeights {
  uint64_t spec_fingerprint = 0;
  float bias = 0;
  float calibration_slope = 1;   // a
  float calibration_offset = 0;  // b
  std::vector<float> weights;    // One per feature index of the extractor.
};

absl::Status WriteLogisticWeights(const LogisticWeights& weights,
                                  const std::filesystem::path& path);

class LogisticRanker {
 public:
  // Refuses weights that are not finite or that belong to another spec.
  static absl::StatusOr<LogisticRanker> Open(const std::filesystem::path& path,
                                             const FeatureExtractor& extractor);

  LogisticRanker(LogisticWeights weights, const FeatureExtractor& extractor);

  // One score per candidate, in their order. Candidates are in stage one's order (a feature).
  void Score(const UserState& user, const ContextState& context,
             std::span<const Candidate> candidates, std::span<float> scores) const;

  float Probability(float score) const;

  // Why candidates[p] has its score, for each p of `positions`: largest magnitude first, the bias
  // under "bias"; they sum to the score.
  std::vector<std::vector<FeatureContribution>> Explain(const UserState& user,
                                                        const ContextState& context,
                                                        std::span<const Candidate> candidates,
                                                        std::span<const size_t> positions) const;

 private:
  std::vector<FeatureContribution> ExplainOne(const FeatureExtractor::Request& request,
                                              const Candidate& candidate, size_t position) const;

  const FeatureExtractor* extractor_;
  LogisticWeights weights_;
};

}  // namespace shortlist
