// The only code that computes a feature: for training, evaluation and serving alike.
//
//   FeatureExtractor extractor(spec, inputs);
//   FeatureExtractor::Request request = extractor.Begin(user, context);   // once per request
//   extractor.Compute(request, candidate, position, row);                 // per candidate
//
// Const and thread-safe; refers to the inputs, which must outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "features/catalog.h"
#include "features/feature_spec.h"
#include "features/user_state.h"

namespace shortlist {

// One entry of a sparse feature vector. `index` is below FeatureExtractor::width().
struct FeatureValue {
  uint32_t index;
  float value;
};

// What features are computed from, besides user and context.
struct FeatureInputs {
  const Catalog* catalog = nullptr;
  const AttributeSchema* user_schema = nullptr;
  const AttributeSchema* context_schema = nullptr;
  // item_count rows of dim floats, each of length 1.
  std::span<const float> item_embeddings;
  size_t dim = 0;
  // Co-occurrence: item_count x neighbours items and scores, padded with kNoItem and 0.
  std::span<const ItemRow> neighbour_items;
  std::span<const float> neighbour_scores;
  size_t neighbours = 0;
  // Interactions with every item that were known at the time. Serving: the catalog's; training:
  // those before the example.
  std::span<const uint32_t> interaction_counts;
};

class FeatureExtractor {
 public:
  // What depends on user and context alone.
  struct Request {
    const UserState* user;
    const ContextState* context;
    std::vector<float> affinity;  // By item code: share of the history with that code.
    absl::flat_hash_map<ItemRow, float> co_occurrence;
    std::vector<ItemRow> recent;  // The last items, latest first.
  };

  // INVALID_ARGUMENT names the feature that does not fit the inputs.
  static absl::StatusOr<FeatureExtractor> Create(FeatureSpec spec, const FeatureInputs& inputs);

  const FeatureSpec& spec() const { return spec_; }
  // Number of feature indices: the length of a weight vector.
  uint32_t width() const { return width_; }
  // Indices of spec().features[f]: [first_index(f), first_index(f + 1)).
  uint32_t first_index(size_t feature) const { return first_index_[feature]; }

  // `user` and `context` must live as long as the request.
  Request Begin(const UserState& user, const ContextState& context) const;
  // Replaces `out` by the candidate's features; `position` is its place in stage one's order.
  void Compute(const Request& request, const Candidate& candidate, size_t position,
               std::vector<FeatureValue>& out) const;

  // A readable account of a feature's value for an explanation, e.g. "Star Wars (1977)".
  std::string Describe(const Request& request, const Candidate& candidate, size_t feature,
                       std::span<const FeatureValue> values) const;

 private:
  FeatureSpec spec_;
  FeatureInputs inputs_;
  std::vector<uint32_t> first_index_;
  uint32_t width_ = 0;
  // Positions in the schemas of the attributes a feature names; by feature.
  struct Fields {
    const AttributeSchema::Field* item = nullptr;
    const AttributeSchema::Field* user = nullptr;
    const AttributeSchema::Field* context = nullptr;
  };
  std::vector<Fields> fields_;
};

}  // namespace shortlist
