#include "pipeline/rule_encoder.h"

#include "absl/strings/str_cat.h"
#include "common/field_path.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

absl::StatusOr<PlacementRules::Limit> EncodeLimit(const ReRankingRules::Limit& limit,
                                                  const FieldPath& path,
                                                  const AttributeSchema& schema) {
  const AttributeSchema::Field* field = schema.FindField(limit.attribute);
  if (field == nullptr)
    return Invalid({&path, "attribute"},
                   absl::StrCat("unknown item attribute \"", limit.attribute,
                                "\"; the catalog has: ", schema.FieldNames()));
  return PlacementRules::Limit{.field = static_cast<uint32_t>(field - schema.fields().data()),
                               .first_code = field->first_code,
                               .end_code = field->first_code + field->values.size(),
                               .most = limit.max_items};
}

}  // namespace

absl::Status CheckLikedHead(const ReRankingRules& rules, const Bundle& bundle) {
  if (!rules.value_function || !rules.value_function->UsesLiked() || bundle.liked_head)
    return absl::OkStatus();
  const FieldPath root{nullptr, "re_ranking"};
  const FieldPath path{&root, "value_function"};
  return Invalid({&path, "liked_worth"},
                 "the bundle has no head for liked items; train it with --liked-head");
}

absl::StatusOr<EncodedRules> EncodeRules(const ReRankingRules& rules, const Bundle& bundle) {
  const FieldPath root{nullptr, "re_ranking"};
  EncodedRules encoded;
  for (size_t i = 0; i < rules.limits.size(); ++i) {
    const ReRankingRules::Limit& limit = rules.limits[i];
    ASSIGN_OR_RETURN(
        const PlacementRules::Limit rule,
        EncodeLimit(limit, {&root, "limits", static_cast<int>(i)}, bundle.catalog.schema()));
    encoded.limits.push_back(rule);
    encoded.limit_names.push_back(
        absl::StrCat("at most ", limit.max_items, " per ", limit.attribute));
  }
  for (size_t i = 0; i < rules.boosts.size(); ++i) {
    const ReRankingRules::Boost& boost = rules.boosts[i];
    const FieldPath path{&root, "boosts", static_cast<int>(i)};
    EncodedBoost& out = encoded.boosts.emplace_back();
    out.name = boost.name;
    out.log_odds = boost.log_odds;
    out.items = RowMap<bool>(boost.item_ids.size());
    for (const ItemRow row : bundle.catalog.FindItems(boost.item_ids))
      if (row != kNoItem) out.items[row] = true;
    if (boost.filter.empty()) continue;
    ASSIGN_OR_RETURN(out.filter, bundle.attributes->Compile(boost.filter, {&path, "filter"}));
  }
  for (const ReRankingRules::Pin& pin : rules.pins)
    if (const std::optional<ItemRow> row = bundle.catalog.FindItem(pin.item_id))
      encoded.pins.push_back({.item = *row, .place = pin.place});
  return encoded;
}

}  // namespace shortlist
