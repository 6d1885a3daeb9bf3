#include "serving/re_ranking.h"

#include <cstdint>
#include <span>

#include "common/status_macros.h"
#include "features/row_map.h"
#include "ranking/re_ranker.h"

namespace shortlist {
namespace {

// The names of the boosts that moved an item: its own, or else those that lower the score of
// others, which it is above now.
void AddBoostNames(const std::vector<const CompiledBoost*>& boosts, ItemRow item,
                   std::vector<std::string>& names) {
  const size_t before = names.size();
  for (const CompiledBoost* boost : boosts)
    if (boost->AppliesTo(item)) names.push_back(boost->name);
  if (names.size() > before) return;
  for (const CompiledBoost* boost : boosts)
    if (boost->log_odds < 0) names.push_back(boost->name);
}

}  // namespace

ReRanking::ReRanking(const ConfiguredReRanking& configured, const v1::ReRanking& request)
    : configured_(configured),
      request_(request),
      diversity_(request.has_diversity() ? request.diversity() : configured.config().diversity()),
      min_probability_(request.has_min_probability() ? request.min_probability()
                                                     : configured.config().min_probability()) {}

bool ReRanking::empty() const {
  auto has_none = [](const v1::ReRanking& rules) {
    return rules.limits().empty() && rules.pinned().empty() && rules.boosts().empty();
  };
  return diversity_ == 0 && min_probability_ == 0 && has_none(configured_.config()) &&
         has_none(request_);
}

void ReRanking::AddPinnedItems(v1::GenerateCandidatesRequest& request) const {
  for (const v1::ReRanking* rules : {&configured_.config(), &request_})
    for (const v1::PinnedItem& item : rules->pinned()) request.add_pinned_item_ids(item.item_id());
}

absl::StatusOr<std::vector<ShownCandidate>> ReRanking::Order(
    const v1::RankRequest& candidates, const v1::RankResponse& ranked,
    const std::shared_ptr<const Bundle>& bundle, size_t count) const {
  ASSIGN_OR_RETURN(const std::shared_ptr<const CompiledReRanking> configured,
                   configured_.For(bundle));
  ASSIGN_OR_RETURN(const CompiledReRanking requested, CompileReRanking(request_, *bundle));
  const std::span<const uint32_t> items(candidates.item_rows().data(),
                                        static_cast<size_t>(candidates.item_rows_size()));
  RowMap<size_t> positions(items.size());
  for (size_t i = 0; i < items.size(); ++i) positions[items[i]] = i;
  ReRankingRules rules{
      .diversity = diversity_, .min_probability = min_probability_, .limits = {}, .pins = {}};
  std::vector<std::string> limit_names;
  std::vector<const CompiledBoost*> boosts;
  for (const CompiledReRanking* source : {configured.get(), &requested}) {
    rules.limits.insert(rules.limits.end(), source->limits.begin(), source->limits.end());
    limit_names.insert(limit_names.end(), source->limit_names.begin(), source->limit_names.end());
    for (const CompiledBoost& boost : source->boosts) boosts.push_back(&boost);
    for (const CompiledReRanking::Pin& pin : source->pins)
      if (const size_t* position = positions.Find(pin.item))
        rules.pins.push_back({.candidate = *position, .place = pin.place});
  }
  std::vector<float> added, boosted_probabilities;
  if (!boosts.empty()) {
    for (size_t i = 0; i < items.size(); ++i) {
      float sum = 0;
      for (const CompiledBoost* boost : boosts)
        if (boost->AppliesTo(items[i])) sum += boost->log_odds;
      added.push_back(sum);
      boosted_probabilities.push_back(
          bundle->ranker->Probability(ranked.scores(static_cast<int>(i)) + sum));
    }
  }

  const std::vector<PlacedCandidate> placed =
      ReRank(rules,
             {.catalog = &bundle->catalog,
              .embeddings = bundle->towers.item_embeddings(),
              .dim = bundle->towers.dim(),
              .items = items,
              .scores = {ranked.scores().data(), items.size()},
              .probabilities = {ranked.probabilities().data(), items.size()},
              .boosts = added,
              .boosted_probabilities = boosted_probabilities},
             count);
  std::vector<ShownCandidate> shown;
  shown.reserve(placed.size());
  for (const PlacedCandidate& place : placed) {
    ShownCandidate& out = shown.emplace_back(ShownCandidate{
        .candidate = place.candidate, .place_by_score = place.place_by_score, .moved_by = {}});
    if (place.moved_by & kMovedByPin) out.moved_by.emplace_back("pinned");
    if (place.moved_by & kMovedByBoost) AddBoostNames(boosts, items[place.candidate], out.moved_by);
    if (place.moved_by & kMovedByDiversity) out.moved_by.emplace_back("diversity");
    for (size_t i = 0; i < limit_names.size(); ++i)
      if (place.moved_by & (uint64_t{kMovedByFirstLimit} << i))
        out.moved_by.push_back(limit_names[i]);
    if (place.moved_by & kMovedByMinProbability) out.moved_by.emplace_back("minimum probability");
  }
  return shown;
}

}  // namespace shortlist
