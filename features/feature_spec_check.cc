#include "features/feature_spec_check.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "features/kinds/feature_kind_table.h"

namespace shortlist {
namespace {

// A cross with more weights than this would be learned from too few examples to be worth it.
constexpr size_t kMaxCrossWidth = 20'000;

absl::Status CheckFeature(const Feature& feature) {
  if (feature.name.empty()) return InvalidFeature(feature, "its name is empty");
  const FeatureKindInfo* const kind = FindFeatureKind(feature.kind);
  if (kind == nullptr) return InvalidFeature(feature, "its kind is not known");
  auto check = [&](bool is_needed, const std::string& attribute, const char* name) {
    if (is_needed && attribute.empty())
      return InvalidFeature(feature, absl::StrCat("its kind needs ", name));
    if (!is_needed && !attribute.empty())
      return InvalidFeature(feature, absl::StrCat("its kind has no ", name));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(check(kind->item_attribute, feature.item_attribute, "item_attribute"));
  RETURN_IF_ERROR(check(kind->user_attribute, feature.user_attribute, "user_attribute"));
  RETURN_IF_ERROR(check(kind->context_attribute, feature.context_attribute, "context_attribute"));
  if (!std::isfinite(feature.mean) || !std::isfinite(feature.deviation) || feature.deviation <= 0)
    return InvalidFeature(feature, "mean or deviation is out of range");
  if (feature.transform < FeatureTransform::kIdentity ||
      feature.transform > FeatureTransform::kBuckets)
    return InvalidFeature(feature, "its transform is not known");
  if (!kind->has_number && feature.transform != FeatureTransform::kIdentity)
    return InvalidFeature(feature, "its kind has no number to transform");
  if ((kind->has_number || kind->categories > 0) && feature.hash_size != 0)
    return InvalidFeature(feature, "its kind has nothing to hash");
  const std::vector<float>& edges = feature.bucket_edges;
  if ((feature.transform == FeatureTransform::kBuckets) != !edges.empty())
    return InvalidFeature(feature, "bucket_edges belong to FEATURE_TRANSFORM_BUCKETS");
  if (!std::all_of(edges.begin(), edges.end(), [](float edge) { return std::isfinite(edge); }) ||
      std::adjacent_find(edges.begin(), edges.end(), std::greater_equal<>()) != edges.end())
    return InvalidFeature(feature, "bucket_edges do not ascend");
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckFeatureSpec(const FeatureSpec& spec) {
  absl::flat_hash_set<std::string> names;
  for (const Feature& feature : spec.features) {
    RETURN_IF_ERROR(CheckFeature(feature));
    if (!names.insert(feature.name).second)
      return InvalidFeature(feature, "is there more than once");
  }
  return absl::OkStatus();
}

absl::Status CheckFeatureSpec(const FeatureSpec& spec, const AttributeSchema& items,
                              const AttributeSchema& users, const AttributeSchema& contexts) {
  RETURN_IF_ERROR(CheckFeatureSpec(spec));
  for (const Feature& feature : spec.features) {
    auto find = [&](const AttributeSchema& schema, const char* what, const std::string& name) {
      if (name.empty() || schema.FindField(name) != nullptr) return absl::OkStatus();
      return InvalidFeature(feature,
                            absl::StrCat("there is no ", what, " attribute \"", name, "\""));
    };
    RETURN_IF_ERROR(find(items, "item", feature.item_attribute));
    RETURN_IF_ERROR(find(users, "user", feature.user_attribute));
    RETURN_IF_ERROR(find(contexts, "context", feature.context_attribute));
    const FeatureKindInfo& kind = *FindFeatureKind(feature.kind);
    if (kind.check_attributes != nullptr) RETURN_IF_ERROR(kind.check_attributes(feature, items));
  }
  return absl::OkStatus();
}

bool IsNumeric(const Feature& feature) {
  const FeatureKindInfo* const kind = FindFeatureKind(feature.kind);
  return kind != nullptr && kind->has_number && feature.transform != FeatureTransform::kBuckets;
}

FeatureSpec DefaultFeatureSpec(const AttributeSchema& items, const AttributeSchema& users,
                               const AttributeSchema& contexts, bool has_likes) {
  FeatureSpec spec;
  auto add = [&](std::string name, FeatureKind kind) -> Feature& {
    Feature& feature = spec.features.emplace_back();
    feature.name = std::move(name);
    feature.kind = kind;
    return feature;
  };
  add("tower_score", FeatureKind::kTowerScore);
  add("log_rank", FeatureKind::kLogRank);
  add("source", FeatureKind::kSource);
  add("log_popularity", FeatureKind::kLogPopularity);
  if (has_likes) add("like_rate", FeatureKind::kLikeRate);
  add("log_history_length", FeatureKind::kLogHistoryLength);
  add("history_regression", FeatureKind::kHistoryRegression);
  add("next_regression", FeatureKind::kNextRegression);
  add("co_occurrence", FeatureKind::kCoOccurrence);
  add("recent_tower_score", FeatureKind::kRecentTowerScore);
  for (const AttributeSchema::Field& item : items.fields()) {
    // Prefixes keep the names apart whatever the attributes are called.
    const std::string item_name = absl::StrCat("item:", item.name);
    add(item_name, FeatureKind::kItemAttribute).item_attribute = item.name;
    add(absl::StrCat("history:", item.name), FeatureKind::kHistoryAffinity).item_attribute =
        item.name;
    for (const AttributeSchema::Field& user : users.fields()) {
      if (size_t{user.values.size()} * item.values.size() > kMaxCrossWidth) continue;
      Feature& cross =
          add(absl::StrCat("user:", user.name, " x ", item_name), FeatureKind::kUserXItem);
      cross.item_attribute = item.name;
      cross.user_attribute = user.name;
    }
    for (const AttributeSchema::Field& context : contexts.fields()) {
      if (size_t{context.values.size()} * item.values.size() > kMaxCrossWidth) continue;
      Feature& cross =
          add(absl::StrCat("context:", context.name, " x ", item_name), FeatureKind::kContextXItem);
      cross.item_attribute = item.name;
      cross.context_attribute = context.name;
    }
  }
  return spec;
}

}  // namespace shortlist
