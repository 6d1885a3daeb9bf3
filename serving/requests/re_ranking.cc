#include "serving/requests/re_ranking.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "common/status_macros.h"
#include "features/row_map.h"
#include "ranking/best_first.h"
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

ValueFunction ValueFunctionOf(const v1::ReRanking& rules) {
  const v1::ValueFunction& value = rules.value_function();
  return {.interaction_worth = value.has_interaction_worth() ? value.interaction_worth() : 1,
          .liked_worth = value.liked_worth()};
}

// Values, or what they are after boosts, over the largest of them.
std::vector<float> OverTheLargest(std::span<const float> log_values,
                                  std::span<const float> boosts) {
  std::vector<float> values(log_values.begin(), log_values.end());
  for (size_t i = 0; i < boosts.size(); ++i) values[i] += boosts[i];
  const float largest = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
  for (float& value : values) value = std::exp(value - largest);
  return values;
}

}  // namespace

ReRanking::ReRanking(const ConfiguredReRanking& configured, const v1::ReRanking& request)
    : configured_(configured),
      request_(request),
      diversity_(request.has_diversity() ? request.diversity() : configured.config().diversity()),
      min_probability_(request.has_min_probability() ? request.min_probability()
                                                     : configured.config().min_probability()),
      value_(ValueFunctionOf(request.has_value_function() ? request : configured.config())) {}

bool ReRanking::empty() const {
  auto has_none = [](const v1::ReRanking& rules) {
    return rules.limits().empty() && rules.pinned().empty() && rules.boosts().empty();
  };
  return diversity_ == 0 && min_probability_ == 0 && has_none(configured_.config()) &&
         has_none(request_);
}

absl::Status ReRanking::CheckHeads(const Bundle& bundle) const {
  return request_.has_value_function() ? CheckValueFunction(request_, bundle)
                                       : configured_.CheckHeads(bundle);
}

void ReRanking::AddPinnedItems(v1::GenerateCandidatesRequest& request) const {
  for (const v1::ReRanking* rules : {&configured_.config(), &request_})
    for (const v1::PinnedItem& item : rules->pinned()) request.add_pinned_item_ids(item.item_id());
}

absl::StatusOr<std::vector<ShownCandidate>> ReRanking::Order(
    const v1::RankRequest& candidates, const v1::RankResponse& ranked,
    const std::shared_ptr<const Bundle>& bundle, size_t count) const {
  std::vector<float> log_values;
  const std::span<const float> scores = Scores(ranked, log_values);
  if (!empty()) return OrderByRules(candidates, ranked, scores, bundle, count);
  std::vector<ShownCandidate> shown;
  for (size_t candidate : BestFirst(scores, count))
    shown.push_back({.candidate = candidate, .place_by_score = shown.size(), .moved_by = {}});
  return shown;
}

std::span<const float> ReRanking::Scores(const v1::RankResponse& ranked,
                                         std::vector<float>& log_values) const {
  const std::span scores(ranked.scores().data(), static_cast<size_t>(ranked.scores_size()));
  if (!UsesLiked()) return scores;
  log_values.reserve(scores.size());
  for (int i = 0; i < ranked.scores_size(); ++i)
    log_values.push_back(value_.LogValue(ranked.probabilities(i), ranked.liked_probabilities(i)));
  return log_values;
}

absl::StatusOr<std::vector<ShownCandidate>> ReRanking::OrderByRules(
    const v1::RankRequest& candidates, const v1::RankResponse& ranked,
    std::span<const float> scores, const std::shared_ptr<const Bundle>& bundle,
    size_t count) const {
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
  std::vector<float> added;
  if (!boosts.empty()) {
    for (uint32_t item : items) {
      float sum = 0;
      for (const CompiledBoost* boost : boosts)
        if (boost->AppliesTo(item)) sum += boost->log_odds;
      added.push_back(sum);
    }
  }
  const std::span<const float> probabilities(ranked.probabilities().data(), items.size());
  std::vector<float> values, boosted;
  if (UsesLiked()) {
    values = OverTheLargest(scores, {});
    if (!boosts.empty()) boosted = OverTheLargest(scores, added);
  } else {
    for (size_t i = 0; i < added.size(); ++i)
      boosted.push_back(bundle->ranker->Probability(scores[i] + added[i]));
  }

  const std::vector<PlacedCandidate> placed =
      ReRank(rules,
             {.catalog = &bundle->catalog,
              .embeddings = bundle->towers.item_embeddings(),
              .dim = bundle->towers.dim(),
              .items = items,
              .scores = scores,
              .probabilities = probabilities,
              .relevances = UsesLiked() ? std::span<const float>(values) : probabilities,
              .boosts = added,
              .boosted_relevances = boosted},
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
