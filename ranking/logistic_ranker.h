// Stage two: logistic regression over the features of user, item, context and their crosses.
//
// score = bias + sum_f weight_f x_f (log-odds); probability = 1 / (1 + exp(-(a score + b))), the
// calibration of Platt (1999).
//
// Scoring does not go through the features one by one but by their shapes
// (features/feature_kind.h). The weights times the features of an item alone are summed once, when
// the ranker is made; what crosses and numbers by code add for an attribute value of the item is
// summed once per request. A candidate then takes a look-up for the item, one for each of its
// attribute values, and a product for each column. Only the order of the sums differs from the
// features', which training sees and explanations show. Features of no such shape, or of a
// transformed number, are added one by one.
//
// Const and thread-safe; refers to the feature extractor, which must outlive it and whose
// statistics of items must not change. Copies share what is large.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/array_file.h"
#include "common/growing/growing_array.h"
#include "features/candidate.h"
#include "features/encoded_request.h"
#include "features/feature_extractor.h"

namespace shortlist {

// One feature's part in a score.
struct FeatureContribution {
  std::string feature;
  std::string value;    // Readable.
  double contribution;  // Log-odds.
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

  // The same ranker over a catalog that has grown, in a time that depends on what was added.
  // `extractor` is of the same spec. One at a time. RESOURCE_EXHAUSTED: there is no room for so
  // many rows.
  absl::StatusOr<LogisticRanker> Grown(const FeatureExtractor& extractor) const;

  // One score per candidate, in their order. Candidates are in stage one's order (a feature).
  // `request` is the extractor's.
  void Score(const FeatureExtractor::Request& request, std::span<float> scores) const;
  void Score(const EncodedUser& user, const EncodedContext& context,
             std::span<const Candidate> candidates, std::span<float> scores) const {
    Score(extractor_->Begin(user, context, candidates), scores);
  }

  float Probability(float score) const;
  const LogisticWeights& weights() const { return *weights_; }

  // Why the candidate at `position` has the score that Score gave it: largest magnitude first, the
  // bias under "bias". Their sum rounded to float is the score: the bias takes what rounding leaves
  // over, some millionths.
  std::vector<FeatureContribution> Explain(const FeatureExtractor::Request& request,
                                           size_t position, float score) const;

 private:
  // What an attribute value of an item adds to the score of a request: `cross` each time, `by_code`
  // on average over the item's values of the field.
  struct CodeLogit {
    float cross = 0;
    float by_code = 0;
    uint32_t field = 0;
  };
  // What of an item's score is the same for every request, and its attribute values where they are
  // few, in one cache line: candidates are far apart in memory.
  struct alignas(64) ItemTerm {
    float logit = 0;
    uint32_t code_count = 0;
    const uint32_t* many = nullptr;  // Those of the catalog, where `few` has no room for all.
    std::array<uint32_t, 12> few{};
    // Neighbours are of one field, see Catalog::codes.
    std::span<const uint32_t> codes() const {
      return {many != nullptr ? many : few.data(), code_count};
    }
  };
  struct Column {
    size_t columns = 0;
    float slope = 0;
  };
  struct Category {
    size_t columns = 0;
    std::vector<float> logits;  // By category; 0 of a missing one.
  };
  struct ByCode {
    size_t columns = 0;
    std::vector<float> slopes;  // By item code.
  };

  // What the weights come to, whatever the items. Of the shapes, by the lists of
  // FeatureRequest::columns; features of a kind are summed. Slopes are weights of numbers as they
  // are, not standardised, whose zeros are in zero_logit.
  struct Sums {
    std::vector<Column> columns;
    std::vector<Category> categories;
    std::vector<ByCode> by_code;
    float zero_logit = 0;
    std::vector<size_t> one_by_one;  // Features of other shapes, or of transformed numbers.
    std::vector<uint32_t> field_of;  // By item code.
    // By field: what a mean over the values of an item without any is taken to be, and counts.
    std::vector<float> missing;
  };
  static Sums SumsOf(const LogisticWeights& weights, const FeatureExtractor& extractor);
  // Adds the terms of the items that the catalog has and they have not.
  absl::Status AddItemTerms();
  // What all candidates of a request have in common.
  float RequestLogit(const FeatureExtractor::Request& request) const;
  std::vector<CodeLogit> CodeLogits(const FeatureExtractor::Request& request) const;

  const FeatureExtractor* extractor_;
  std::shared_ptr<const LogisticWeights> weights_;
  std::shared_ptr<const Sums> sums_;
  std::shared_ptr<GrowingArray<ItemTerm>> all_item_terms_;
  std::span<const ItemTerm> item_terms_;  // By item.
};

}  // namespace shortlist
