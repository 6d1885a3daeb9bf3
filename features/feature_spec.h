// Which features the ranker sees, and where their weights lie. The protobuf text form is
// feature_spec.proto; model/feature_spec_text.h converts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "features/attribute_schema.h"

namespace shortlist {

// The kinds and their meaning: FeatureKind in feature_spec.proto, with the same numbers.
enum class FeatureKind : uint8_t {
  kTowerScore = 1,
  kLogRank,
  kSource,
  kLogPopularity,
  kItemAttribute,
  kLogHistoryLength,
  kUserXItem,
  kContextXItem,
  kHistoryAffinity,
  kCoOccurrence,
  kRecentSimilarity,
};
inline constexpr size_t kFeatureKinds = 12;  // All kinds are below.

struct Feature {
  std::string name;
  FeatureKind kind = FeatureKind::kTowerScore;
  std::string item_attribute;
  std::string user_attribute;
  std::string context_attribute;
  // Numeric features are standardised: (x - mean) / deviation.
  float mean = 0;
  float deviation = 1;
};

struct FeatureSpec {
  std::vector<Feature> features;

  // A hash of everything in the spec: weights belong to one fingerprint.
  uint64_t Fingerprint() const;
};

// Whether the kind has one number for a value, as opposed to one weight per attribute value.
bool IsNumeric(FeatureKind kind);
// Whether its value depends on nothing but the item (and what is known of items at the time).
bool IsOfItemAlone(FeatureKind kind);

// A sensible spec for data with these attributes.
FeatureSpec DefaultFeatureSpec(const AttributeSchema& items, const AttributeSchema& users,
                               const AttributeSchema& contexts);

}  // namespace shortlist
