#include "features/feature_spec.h"

#include <xxhash.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace shortlist {
namespace {

// A cross with more weights than this would be learned from too few examples to be worth it.
constexpr size_t kMaxCrossWidth = 20'000;

}  // namespace

uint64_t FeatureSpec::Fingerprint() const {
  std::string text;
  for (const Feature& feature : features) {
    absl::StrAppend(&text, feature.name, "\n", static_cast<int>(feature.kind), "\n",
                    feature.item_attribute, "\n", feature.user_attribute, "\n",
                    feature.context_attribute, "\n");
    text.append(reinterpret_cast<const char*>(&feature.mean), sizeof feature.mean);
    text.append(reinterpret_cast<const char*>(&feature.deviation), sizeof feature.deviation);
  }
  return XXH3_64bits(text.data(), text.size());
}

bool IsNumeric(FeatureKind kind) {
  switch (kind) {
    case FeatureKind::kTowerScore:
    case FeatureKind::kLogRank:
    case FeatureKind::kLogPopularity:
    case FeatureKind::kLogHistoryLength:
    case FeatureKind::kHistoryAffinity:
    case FeatureKind::kCoOccurrence:
    case FeatureKind::kRecentSimilarity:
      return true;
    case FeatureKind::kSource:
    case FeatureKind::kItemAttribute:
    case FeatureKind::kUserXItem:
    case FeatureKind::kContextXItem:
      return false;
  }
  return false;
}

bool IsOfItemAlone(FeatureKind kind) {
  return kind == FeatureKind::kLogPopularity || kind == FeatureKind::kItemAttribute;
}

FeatureSpec DefaultFeatureSpec(const AttributeSchema& items, const AttributeSchema& users,
                               const AttributeSchema& contexts) {
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
  add("log_history_length", FeatureKind::kLogHistoryLength);
  add("co_occurrence", FeatureKind::kCoOccurrence);
  add("recent_similarity", FeatureKind::kRecentSimilarity);
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
