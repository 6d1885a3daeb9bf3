#include "serving/requests/re_ranking_compiler.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "serving/requests/field_path.h"
#include "serving/requests/filter_compiler.h"

namespace shortlist {
namespace {

bool HasConditions(const v1::ItemFilter& filter) {
  return filter.all_of_size() + filter.any_of_size() + filter.none_of_size() > 0;
}

absl::StatusOr<ReRankingRules::Limit> CompileLimit(const v1::AttributeLimit& limit,
                                                   const FieldPath& path,
                                                   const AttributeSchema& schema) {
  const AttributeSchema::Field* field = schema.FindField(limit.attribute());
  if (field == nullptr)
    return Invalid({&path, "attribute"},
                   absl::StrCat("unknown item attribute \"", limit.attribute(),
                                "\"; the catalog has: ", FieldNames(schema)));
  return ReRankingRules::Limit{.first_code = field->first_code,
                               .end_code = field->first_code + field->values.size(),
                               .most = static_cast<uint32_t>(limit.max_items())};
}

}  // namespace

absl::Status CheckValueFunction(const v1::ReRanking& rules, const Bundle& bundle) {
  if (rules.value_function().liked_worth() == 0 || bundle.liked_head) return absl::OkStatus();
  const FieldPath root{nullptr, "re_ranking"};
  const FieldPath path{&root, "value_function"};
  return Invalid({&path, "liked_worth"},
                 "the bundle has no head for liked items; train it with --liked-head");
}

absl::StatusOr<CompiledReRanking> CompileReRanking(const v1::ReRanking& rules,
                                                   const Bundle& bundle) {
  const FieldPath root{nullptr, "re_ranking"};
  CompiledReRanking compiled;
  for (int i = 0; i < rules.limits_size(); ++i) {
    const v1::AttributeLimit& limit = rules.limits(i);
    ASSIGN_OR_RETURN(const ReRankingRules::Limit rule,
                     CompileLimit(limit, {&root, "limits", i}, bundle.catalog.schema()));
    compiled.limits.push_back(rule);
    compiled.limit_names.push_back(
        absl::StrCat("at most ", limit.max_items(), " per ", limit.attribute()));
  }
  for (int i = 0; i < rules.boosts_size(); ++i) {
    const v1::Boost& boost = rules.boosts(i);
    const FieldPath path{&root, "boosts", i};
    CompiledBoost& out = compiled.boosts.emplace_back();
    out.name = boost.name().empty() ? "boost" : boost.name();
    out.log_odds = boost.log_odds();
    out.items = RowMap<bool>(static_cast<size_t>(boost.item_ids_size()));
    for (const std::string& id : boost.item_ids())
      if (std::optional<ItemRow> row = bundle.catalog.FindItem(id)) out.items[*row] = true;
    if (!HasConditions(boost.filter())) continue;
    ASSIGN_OR_RETURN(out.filter, CompileFilter(boost.filter(), bundle, {&path, "filter"}));
  }
  for (const v1::PinnedItem& pinned : rules.pinned())
    if (std::optional<ItemRow> row = bundle.catalog.FindItem(pinned.item_id()))
      compiled.pins.push_back(
          {.item = *row, .place = static_cast<size_t>(std::max(pinned.place(), 1) - 1)});
  return compiled;
}

}  // namespace shortlist
