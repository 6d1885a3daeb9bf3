// The only code that computes features: for training, evaluation and serving alike. What a feature
// is, its kind says (features/kinds/).
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
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "features/feature_inputs.h"
#include "features/feature_kind.h"
#include "features/feature_spec.h"

namespace shortlist {

class FeatureExtractor {
 public:
  using Request = FeatureRequest;

  // INVALID_ARGUMENT names the feature that does not fit the inputs.
  static absl::StatusOr<FeatureExtractor> Create(FeatureSpec spec, const FeatureInputs& inputs);

  const FeatureSpec& spec() const { return spec_; }
  // One for each feature of the spec, in its order.
  std::span<const FeatureSlot> slots() const { return slots_; }
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

  // Replaces `values` by those features that depend on the item alone, of shape kItem.
  void ComputeItem(ItemRow item, std::vector<FeatureValue>& values) const;
  // Likewise those that depend on user and context alone, of shape kRequest.
  void ComputeRequest(const Request& request, std::vector<FeatureValue>& values) const;
  // Adds the entries of one feature of a candidate.
  void AddFeature(const Request& request, size_t position, size_t feature,
                  std::vector<FeatureValue>& values) const {
    AddFeature(slots_[feature], request, request.candidates[position], position, values);
  }

  // Of a hashed feature: the share of its values, or pairs of values, that have their weight in
  // common with another. 0 of one that is not hashed. Goes through all of them.
  double SharedValues(size_t feature) const;

  const Catalog& catalog() const { return *inputs_.catalog; }
  // The first weight of a feature.
  uint32_t first_index(size_t feature) const { return slots_[feature].first_index; }

  // A readable account of what a feature's value rests on, e.g. "Star Wars".
  std::string Describe(const Request& request, size_t position, size_t feature) const;

 private:
  // A kind that the spec has features of.
  struct Kind {
    std::unique_ptr<FeatureComputer> computer;
    std::vector<FeatureSlot> slots;
  };

  void AddFeature(const FeatureSlot& slot, const Request& request, const Candidate& candidate,
                  size_t position, std::vector<FeatureValue>& values) const;

  FeatureSpec spec_;
  FeatureInputs inputs_;
  std::vector<FeatureSlot> slots_;  // By feature.
  std::vector<Kind> kinds_;         // In the order of the table.
  uint32_t width_ = 0;
};

}  // namespace shortlist
