#include "serving/re_ranking.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "serving/field_path.h"
#include "serving/filter_compiler.h"

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

ReRanking::ReRanking(const v1::ReRanking& config, const v1::ReRanking& request)
    : sources_{&config, &request},
      diversity_(request.has_diversity() ? request.diversity() : config.diversity()),
      min_probability_(request.has_min_probability() ? request.min_probability()
                                                     : config.min_probability()) {}

bool ReRanking::empty() const {
  return diversity_ == 0 && min_probability_ == 0 &&
         std::all_of(std::begin(sources_), std::end(sources_), [](const v1::ReRanking* rules) {
           return rules->limits().empty() && rules->pinned().empty() && rules->boosts().empty();
         });
}

void ReRanking::AddPinnedItems(v1::GenerateCandidatesRequest& request) const {
  for (const v1::ReRanking* rules : sources_)
    for (const v1::PinnedItem& item : rules->pinned()) request.add_pinned_item_ids(item.item_id());
}

absl::Status ReRanking::Check(const Bundle& bundle) const { return Compile(bundle).status(); }

absl::StatusOr<ReRanking::Compiled> ReRanking::Compile(const Bundle& bundle) const {
  const FieldPath root{nullptr, "re_ranking"};
  Compiled compiled;
  compiled.rules.diversity = diversity_;
  compiled.rules.min_probability = min_probability_;
  for (const v1::ReRanking* source : sources_) {
    for (int i = 0; i < source->limits_size(); ++i) {
      const v1::AttributeLimit& limit = source->limits(i);
      ASSIGN_OR_RETURN(const ReRankingRules::Limit rule,
                       CompileLimit(limit, {&root, "limits", i}, bundle.catalog.schema()));
      compiled.rules.limits.push_back(rule);
      compiled.limit_names.push_back(
          absl::StrCat("at most ", limit.max_items(), " per ", limit.attribute()));
    }
    for (int i = 0; i < source->boosts_size(); ++i) {
      const v1::Boost& boost = source->boosts(i);
      const FieldPath path{&root, "boosts", i};
      Boost& out = compiled.boosts.emplace_back();
      out.name = boost.name().empty() ? "boost" : boost.name();
      out.log_odds = boost.log_odds();
      out.items = RowMap<bool>(static_cast<size_t>(boost.item_ids_size()));
      for (const std::string& id : boost.item_ids())
        if (std::optional<ItemRow> row = bundle.catalog.FindItem(id)) out.items[*row] = true;
      if (!HasConditions(boost.filter())) continue;
      ASSIGN_OR_RETURN(out.filter, CompileFilter(boost.filter(), bundle, {&path, "filter"}));
    }
  }
  return compiled;
}

absl::StatusOr<std::vector<ShownCandidate>> ReRanking::Order(const v1::RankRequest& candidates,
                                                             const v1::RankResponse& ranked,
                                                             const Bundle& bundle,
                                                             size_t count) const {
  ASSIGN_OR_RETURN(Compiled compiled, Compile(bundle));
  const auto size = static_cast<size_t>(candidates.item_rows_size());
  auto applies = [](const Boost& boost, ItemRow item) {
    return boost.items.Find(item) != nullptr || (boost.filter && boost.filter->Passes(item));
  };
  std::vector<float> boosts, boosted_probabilities;
  if (!compiled.boosts.empty()) {
    for (size_t i = 0; i < size; ++i) {
      const ItemRow item = candidates.item_rows(static_cast<int>(i));
      float sum = 0;
      for (const Boost& boost : compiled.boosts)
        if (applies(boost, item)) sum += boost.log_odds;
      boosts.push_back(sum);
      boosted_probabilities.push_back(
          bundle.ranker->Probability(ranked.scores(static_cast<int>(i)) + sum));
    }
  }
  RowMap<size_t> positions(size);
  for (size_t i = 0; i < size; ++i) positions[candidates.item_rows(static_cast<int>(i))] = i;
  for (const v1::ReRanking* source : sources_) {
    for (const v1::PinnedItem& pinned : source->pinned()) {
      const std::optional<ItemRow> row = bundle.catalog.FindItem(pinned.item_id());
      const size_t* position = row ? positions.Find(*row) : nullptr;
      if (position == nullptr) continue;
      const int place = std::max(pinned.place(), 1);
      compiled.rules.pins.push_back(
          {.candidate = *position, .place = static_cast<size_t>(place - 1)});
    }
  }

  const std::vector<PlacedCandidate> placed =
      ReRank(compiled.rules,
             {.catalog = &bundle.catalog,
              .embeddings = bundle.towers.item_embeddings(),
              .dim = bundle.towers.dim(),
              .items = {candidates.item_rows().data(), size},
              .scores = {ranked.scores().data(), size},
              .probabilities = {ranked.probabilities().data(), size},
              .boosts = boosts,
              .boosted_probabilities = boosted_probabilities},
             count);
  std::vector<ShownCandidate> shown;
  shown.reserve(placed.size());
  for (const PlacedCandidate& place : placed) {
    ShownCandidate& out = shown.emplace_back(ShownCandidate{
        .candidate = place.candidate, .place_by_score = place.place_by_score, .moved_by = {}});
    if (place.moved_by & kMovedByPin) out.moved_by.emplace_back("pinned");
    if (place.moved_by & kMovedByBoost) {
      const ItemRow item = candidates.item_rows(static_cast<int>(place.candidate));
      const size_t before = out.moved_by.size();
      for (const Boost& boost : compiled.boosts)
        if (applies(boost, item)) out.moved_by.push_back(boost.name);
      // Or it is above others whose score was lowered.
      if (out.moved_by.size() == before)
        for (const Boost& boost : compiled.boosts)
          if (boost.log_odds < 0) out.moved_by.push_back(boost.name);
    }
    if (place.moved_by & kMovedByDiversity) out.moved_by.emplace_back("diversity");
    for (size_t i = 0; i < compiled.limit_names.size(); ++i)
      if (place.moved_by & (uint64_t{kMovedByFirstLimit} << i))
        out.moved_by.push_back(compiled.limit_names[i]);
    if (place.moved_by & kMovedByMinProbability) out.moved_by.emplace_back("minimum probability");
  }
  return shown;
}

}  // namespace shortlist
