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

// The kinds: FeatureKind in feature_spec.proto, with the same numbers. What each is:
// features/kinds/.
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
  kRecentTowerScore,
  kUserAttribute,
  kContextAttribute,
  kItemNumber,
  kHistoryRegression,
  kNextRegression,
  kLikeRate,
};

// FeatureTransform in feature_spec.proto, with the same numbers.
enum class FeatureTransform : uint8_t { kIdentity = 1, kLog, kBuckets };

struct Feature {
  std::string name;
  FeatureKind kind = FeatureKind::kTowerScore;
  std::string item_attribute;
  std::string user_attribute;
  std::string context_attribute;
  // Numeric features are standardised: (x - mean) / deviation.
  float mean = 0;
  float deviation = 1;
  // Of numeric kinds; with kBuckets, ascending edges.
  FeatureTransform transform = FeatureTransform::kIdentity;
  std::vector<float> bucket_edges;
  // Of the other kinds: how many weights values or pairs share by hashing; 0: a weight each.
  uint32_t hash_size = 0;
  // Where in a text it was read from, "FILE:LINE: ", for error messages; not part of the spec.
  std::string origin;
};

struct FeatureSpec {
  std::vector<Feature> features;

  // A hash of everything in the spec: weights belong to one fingerprint.
  uint64_t Fingerprint() const;
};

// INVALID_ARGUMENT about a feature, with the line that declares it.
absl::Status InvalidFeature(const Feature& feature, std::string_view what);

}  // namespace shortlist
