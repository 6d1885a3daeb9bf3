// The only code that computes a feature: for training, evaluation and serving alike.
//
//   ASSIGN_OR_RETURN(FeatureExtractor extractor, FeatureExtractor::Create(spec, inputs));
//   FeatureExtractor::Request request = extractor.Begin(user, context, candidates);
//   extractor.Compute(request, position, values);   // for each position among the candidates
//
// A ranker need not go through the features of a candidate one by one: Request has what depends on
// the request, ComputeItem what depends on the item alone, and both are what Compute is made of.
//
// Const and thread-safe; refers to the inputs, which must outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "features/candidate.h"
#include "features/catalog.h"
#include "features/encoded_request.h"
#include "features/feature_spec.h"
#include "features/item_factors.h"

namespace shortlist {

// One entry of a sparse feature vector. `index` is below FeatureExtractor::width().
struct FeatureValue {
  uint32_t index;
  float value;
};

// Interactions that were known at a time.
struct ItemStatistics {
  std::span<const uint32_t> counts;  // By item.
  uint64_t total = 0;
  std::span<const uint32_t> liked;  // By item: those of them that are liked.
  uint64_t total_liked = 0;
};

// What features are computed from, besides user and context.
struct FeatureInputs {
  const Catalog* catalog = nullptr;
  const AttributeSchema* user_schema = nullptr;
  const AttributeSchema* context_schema = nullptr;
  // item_count rows of dim floats, each of length 1.
  std::span<const float> item_embeddings;
  size_t dim = 0;
  // The vector of length 1 that the user tower has for them, `dim` floats.
  std::function<std::vector<float>(const EncodedUser&, const EncodedContext&)> user_vector;
  // Co-occurrence: item_count x neighbours items and scores, padded with kNoItem and 0.
  std::span<const ItemRow> neighbour_items;
  std::span<const float> neighbour_scores;
  size_t neighbours = 0;
  // Without them, of dim 0, features of their kind are refused.
  const ItemFactors* history_regression = nullptr;
  const ItemFactors* next_regression = nullptr;
  // In serving those of the catalog; in training those before the request, which the trainer
  // counts up between requests.
  const ItemStatistics* statistics = nullptr;
};

class FeatureExtractor {
 public:
  // A cross for one value of the user or the context: cell `first_cell` + i belongs to the item
  // code `first_code` + i, for i < count; its weight is at IndexOfCell.
  struct CrossRow {
    size_t feature;
    uint32_t first_cell;
    uint32_t first_code;
    uint32_t count;
  };

  // What is computed once per request.
  struct Request {
    const EncodedUser* user = nullptr;
    const EncodedContext* context = nullptr;
    std::span<const Candidate> candidates;
    std::vector<ItemRow> items;  // Of the candidates.
    // By item code: log of how much more of the history has it than of all interactions. Empty when
    // no feature asks for it.
    std::vector<float> affinity;
    std::vector<CrossRow> cross_rows;  // In the order of the features.
    // The last items, latest first.
    std::vector<ItemRow> recent;
    // By candidate; empty when no feature asks for it.
    std::vector<float> co_occurrence;
    std::vector<float> recent_tower_score;
    std::vector<float> history_regression;
    std::vector<float> next_regression;
  };

  // INVALID_ARGUMENT names the feature that does not fit the inputs.
  static absl::StatusOr<FeatureExtractor> Create(FeatureSpec spec, const FeatureInputs& inputs);

  const FeatureSpec& spec() const { return spec_; }
  // Number of feature indices: the length of a weight vector.
  uint32_t width() const { return width_; }
  // Position in spec().features of the feature that an index belongs to.
  size_t FeatureOf(uint32_t index) const;

  // `user`, `context` and `candidates`, which are in stage one's order, must live as long as the
  // request.
  Request Begin(const EncodedUser& user, const EncodedContext& context,
                std::span<const Candidate> candidates) const;

  // Replaces `values` by the features of candidates[position], in the order of the spec. A feature
  // that is missing (no such attribute, say) has no entry: a missing number counts as the average.
  void Compute(const Request& request, size_t position, std::vector<FeatureValue>& values) const;

  // Replaces `values` by those features that depend on the item alone, which are of the kinds for
  // which IsOfItemAlone.
  void ComputeItem(ItemRow item, std::vector<FeatureValue>& values) const;
  // Likewise those that depend on user and context alone: of the kinds for which IsOfRequestAlone.
  void ComputeRequest(const Request& request, std::vector<FeatureValue>& values) const;
  // Adds the entries of one numeric feature of a candidate.
  void AddNumeric(const Request& request, size_t position, size_t feature,
                  std::vector<FeatureValue>& values) const;

  // The index of a value of a feature that has a weight for each value, or of a pair of values:
  // first_index(feature) + cell, unless it is hashed.
  uint32_t IndexOfCell(size_t feature, uint32_t cell) const;
  // Of a hashed feature: the share of its values, or pairs of values, that have their weight in
  // common with another. 0 of one that is not hashed. Goes through all of them.
  double SharedValues(size_t feature) const;

  // log(1 + position), the value of kLogRank.
  float LogRank(size_t position) const {
    return position < log_ranks_.size() ? log_ranks_[position] : ComputeLogRank(position);
  }
  const Catalog& catalog() const { return *inputs_.catalog; }
  // The first weight of a feature.
  uint32_t first_index(size_t feature) const { return slots_[feature].first_index; }

  // A readable account of what a feature's value rests on, e.g. "Star Wars".
  std::string Describe(const Request& request, size_t position, size_t feature) const;

 private:
  // A feature with what it needs at hand.
  struct Slot {
    uint32_t first_index = 0;
    const AttributeSchema::Field* item = nullptr;
    const AttributeSchema::Field* user = nullptr;
    const AttributeSchema::Field* context = nullptr;
    std::span<const float> numbers;  // Of kItemNumber, by item.
    uint64_t cells = 1;              // Values, or pairs of values, that have a weight each.
  };

  float NumericValue(const Request& request, size_t position, size_t feature) const;
  // The values of an attribute of user or context.
  void AddAttribute(const Request& request, size_t feature,
                    std::vector<FeatureValue>& values) const;
  void AddItemFeature(ItemRow item, size_t feature, std::vector<FeatureValue>& values) const;
  void AddNumber(float value, size_t feature, std::vector<FeatureValue>& values) const;
  float LogPopularity(ItemRow item) const;
  float LikeRate(ItemRow item) const;
  static float ComputeLogRank(size_t position);
  bool Has(FeatureKind kind) const;
  void ComputeAffinity(Request& request) const;
  void FindCrossRows(Request& request) const;
  void ComputeCoOccurrence(Request& request) const;
  void ComputeRecentTowerScore(Request& request) const;
  // What the regression expects of each candidate, as a share of the most it expects of one.
  std::vector<float> Regress(const Request& request, const ItemFactors& factors) const;
  std::span<const uint32_t> ItemCodes(ItemRow item, const AttributeSchema::Field& field) const;
  std::span<const float> Embedding(ItemRow item) const;
  // The item of the recent history most like the candidate by embedding; kNoItem without history.
  ItemRow MostSimilarRecent(const Request& request, ItemRow item) const;
  // The item of the recent history that co-occurs most with the candidate; kNoItem without one.
  ItemRow MostCoOccurring(const Request& request, ItemRow item) const;
  // The item of the history that speaks most for the candidate; kNoItem when none does.
  ItemRow StrongestRegressor(const Request& request, const ItemFactors& factors,
                             ItemRow item) const;
  std::string ItemName(ItemRow item) const;

  FeatureSpec spec_;
  FeatureInputs inputs_;
  std::vector<Slot> slots_;
  uint32_t width_ = 0;
  std::vector<float> code_share_;  // By item code: share of all interactions.
  std::vector<float> log_ranks_;
};

}  // namespace shortlist
