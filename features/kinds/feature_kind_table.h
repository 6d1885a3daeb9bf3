// Every kind of features, a line each (feature_kind_table.cc).
#pragma once

#include <span>

#include "features/feature_kind.h"

namespace shortlist {

// In the order in which their parts of a score are summed.
std::span<const FeatureKindInfo* const> FeatureKindTable();

// Null for a number that no kind has.
const FeatureKindInfo* FindFeatureKind(FeatureKind kind);

// Adds a kind for as long as it lives, for tests of what adding one takes. Not thread-safe.
class AddedFeatureKind {
 public:
  explicit AddedFeatureKind(const FeatureKindInfo& kind);
  ~AddedFeatureKind();
  AddedFeatureKind(const AddedFeatureKind&) = delete;
  AddedFeatureKind& operator=(const AddedFeatureKind&) = delete;
};

}  // namespace shortlist
