#include "pipeline/arrangement.h"

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
void AddBoostNames(const std::vector<const EncodedBoost*>& boosts, ItemRow item,
                   std::vector<std::string>& names) {
  const size_t before = names.size();
  for (const EncodedBoost* boost : boosts)
    if (boost->AppliesTo(item)) names.push_back(boost->name);
  if (names.size() > before) return;
  for (const EncodedBoost* boost : boosts)
    if (boost->log_odds < 0) names.push_back(boost->name);
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

float UnrankedScore(size_t place) { return -std::log1p(static_cast<float>(place)); }

Arrangement::Arrangement(const ConfiguredRules& configured, const ReRankingRules& request)
    : configured_(configured),
      request_(request),
      diversity_(request.diversity.value_or(configured.rules().diversity.value_or(0))),
      min_probability_(
          request.min_probability.value_or(configured.rules().min_probability.value_or(0))),
      new_item_interval_(request.new_item_interval.value_or(
          configured.rules().new_item_interval.value_or(kDefaultNewItemInterval))),
      value_(request.value_function.value_or(
          configured.rules().value_function.value_or(ValueFunction{}))) {}

bool Arrangement::MovesNothing(std::span<const Candidate> candidates) const {
  auto has_none = [](const ReRankingRules& rules) {
    return rules.limits.empty() && rules.pins.empty() && rules.boosts.empty();
  };
  const bool has_new_items =
      new_item_interval_ > 0 &&
      std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& candidate) {
        return bundle_->catalog.LearnedRow(candidate.item) == kNoItem;
      });
  return diversity_ == 0 && min_probability_ == 0 && !has_new_items &&
         has_none(configured_.rules()) && has_none(request_);
}

absl::Status Arrangement::Bind(const std::shared_ptr<const Bundle>& bundle) {
  if (bundle == bundle_) return absl::OkStatus();
  RETURN_IF_ERROR(request_.value_function ? CheckLikedHead(request_, *bundle)
                                          : configured_.CheckLikedHead(*bundle));
  ASSIGN_OR_RETURN(encoded_configured_, configured_.For(bundle));
  ASSIGN_OR_RETURN(encoded_request_, EncodeRules(request_, *bundle));
  bundle_ = bundle;
  return absl::OkStatus();
}

std::vector<std::string> Arrangement::PinnedItemIds() const {
  std::vector<std::string> ids;
  for (const ReRankingRules* rules : {&configured_.rules(), &request_})
    for (const ReRankingRules::Pin& pin : rules->pins) ids.push_back(pin.item_id);
  return ids;
}

std::vector<ShownCandidate> Arrangement::Order(std::span<const Candidate> candidates,
                                               const Scores& scores, size_t count) const {
  std::vector<float> log_values;
  if (UsesLiked()) log_values = LogValues(scores);
  return OrderBy(
      candidates,
      {.scores = scores.ranker, .values = log_values, .min_probability = min_probability_}, count);
}

std::vector<ShownCandidate> Arrangement::OrderUnranked(std::span<const Candidate> candidates,
                                                       size_t count) const {
  std::vector<float> scores;
  scores.reserve(candidates.size());
  for (size_t place = 0; place < candidates.size(); ++place) scores.push_back(UnrankedScore(place));
  return OrderBy(candidates, {.scores = scores}, count);
}

std::vector<ShownCandidate> Arrangement::OrderBy(std::span<const Candidate> candidates,
                                                 const Keys& keys, size_t count) const {
  if (!MovesNothing(candidates)) return OrderByRules(candidates, keys, count);
  std::vector<ShownCandidate> shown;
  for (size_t candidate : BestFirst(keys.order(), count))
    shown.push_back({.candidate = candidate, .place_by_score = shown.size(), .moved_by = {}});
  return shown;
}

std::vector<float> Arrangement::LogValues(const Scores& scores) const {
  std::vector<float> log_values;
  log_values.reserve(scores.ranker.size());
  for (size_t i = 0; i < scores.ranker.size(); ++i)
    log_values.push_back(value_.LogValue(bundle_->ranker->Probability(scores.ranker[i]),
                                         bundle_->liked_head->Probability(scores.liked[i])));
  return log_values;
}

std::vector<ShownCandidate> Arrangement::OrderByRules(std::span<const Candidate> candidates,
                                                      const Keys& given, size_t count) const {
  const std::span<const float> scores = given.scores;
  const bool by_value = !given.values.empty();
  const std::span<const float> keys = given.order();
  std::vector<ItemRow> items;
  std::vector<float> probabilities;
  RowMap<size_t> positions(candidates.size());
  for (size_t i = 0; i < candidates.size(); ++i) {
    items.push_back(candidates[i].item);
    probabilities.push_back(bundle_->ranker->Probability(scores[i]));
    positions[candidates[i].item] = i;
  }
  PlacementRules rules{.diversity = diversity_,
                       .min_probability = given.min_probability,
                       .new_item_interval = new_item_interval_,
                       .limits = {},
                       .pins = {}};
  std::vector<std::string> limit_names;
  std::vector<const EncodedBoost*> boosts;
  for (const EncodedRules* source : {encoded_configured_.get(), &encoded_request_}) {
    rules.limits.insert(rules.limits.end(), source->limits.begin(), source->limits.end());
    limit_names.insert(limit_names.end(), source->limit_names.begin(), source->limit_names.end());
    for (const EncodedBoost& boost : source->boosts) boosts.push_back(&boost);
    for (const EncodedRules::Pin& pin : source->pins)
      if (const size_t* position = positions.Find(pin.item))
        rules.pins.push_back({.candidate = *position, .place = pin.place});
  }
  std::vector<float> added;
  if (!boosts.empty()) {
    for (ItemRow item : items) {
      float sum = 0;
      for (const EncodedBoost* boost : boosts)
        if (boost->AppliesTo(item)) sum += boost->log_odds;
      added.push_back(sum);
    }
  }
  std::vector<float> values, boosted;
  if (by_value) {
    values = OverTheLargest(keys, {});
    if (!boosts.empty()) boosted = OverTheLargest(keys, added);
  } else {
    for (size_t i = 0; i < added.size(); ++i)
      boosted.push_back(bundle_->ranker->Probability(keys[i] + added[i]));
  }

  const std::vector<PlacedCandidate> placed =
      ReRank(rules,
             {.catalog = &bundle_->catalog,
              .embeddings = bundle_->towers.item_embeddings(),
              .dim = bundle_->towers.dim(),
              .items = items,
              .scores = keys,
              .probabilities = probabilities,
              .relevances = by_value ? values : probabilities,
              .boosts = added,
              .boosted_relevances = boosted},
             count);
  std::vector<ShownCandidate> shown;
  shown.reserve(placed.size());
  for (const PlacedCandidate& place : placed) {
    ShownCandidate& out = shown.emplace_back(ShownCandidate{
        .candidate = place.candidate, .place_by_score = place.place_by_score, .moved_by = {}});
    if (place.moved_by & kMovedByPin) out.moved_by.emplace_back("pinned");
    if (place.moved_by & kMovedAsNewItem) out.moved_by.emplace_back("new item");
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
