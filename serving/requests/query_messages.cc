#include "serving/requests/query_messages.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "serving/requests/user_messages.h"

namespace shortlist {
namespace {

using ConditionMessages = google::protobuf::RepeatedPtrField<v1::AttributeCondition>;

std::vector<FilterCondition> FromMessages(const ConditionMessages& messages) {
  std::vector<FilterCondition> conditions;
  for (const v1::AttributeCondition& message : messages) {
    FilterCondition& condition = conditions.emplace_back();
    condition.attribute = message.attribute();
    condition.any_value.assign(message.any_value().values().begin(),
                               message.any_value().values().end());
    if (!message.has_range()) continue;
    condition.range.emplace();
    if (message.range().has_min()) condition.range->min = message.range().min();
    if (message.range().has_max()) condition.range->max = message.range().max();
  }
  return conditions;
}

void ToMessages(const std::vector<FilterCondition>& conditions, ConditionMessages& messages) {
  for (const FilterCondition& condition : conditions) {
    v1::AttributeCondition& message = *messages.Add();
    message.set_attribute(condition.attribute);
    if (condition.range) {
      v1::AttributeCondition::Range& range = *message.mutable_range();
      if (condition.range->min) range.set_min(*condition.range->min);
      if (condition.range->max) range.set_max(*condition.range->max);
    } else {
      message.mutable_any_value()->mutable_values()->Assign(condition.any_value.begin(),
                                                            condition.any_value.end());
    }
  }
}

}  // namespace

FilterConditions FromMessage(const v1::ItemFilter& message) {
  return {.all_of = FromMessages(message.all_of()),
          .any_of = FromMessages(message.any_of()),
          .none_of = FromMessages(message.none_of())};
}

void ToMessage(const FilterConditions& filter, v1::ItemFilter& message) {
  ToMessages(filter.all_of, *message.mutable_all_of());
  ToMessages(filter.any_of, *message.mutable_any_of());
  ToMessages(filter.none_of, *message.mutable_none_of());
}

ReRankingRules FromMessage(const v1::ReRanking& message) {
  ReRankingRules rules;
  if (message.has_diversity()) rules.diversity = message.diversity();
  if (message.has_min_probability()) rules.min_probability = message.min_probability();
  if (message.has_new_item_interval())
    rules.new_item_interval = static_cast<size_t>(message.new_item_interval());
  for (const v1::AttributeLimit& limit : message.limits())
    rules.limits.push_back(
        {.attribute = limit.attribute(), .max_items = static_cast<uint32_t>(limit.max_items())});
  for (const v1::PinnedItem& pinned : message.pinned())
    rules.pins.push_back({.item_id = pinned.item_id(),
                          .place = static_cast<size_t>(std::max(pinned.place(), 1) - 1)});
  for (const v1::Boost& boost : message.boosts()) {
    ReRankingRules::Boost& out = rules.boosts.emplace_back();
    if (!boost.name().empty()) out.name = boost.name();
    out.item_ids.assign(boost.item_ids().begin(), boost.item_ids().end());
    out.filter = FromMessage(boost.filter());
    out.log_odds = boost.log_odds();
  }
  if (message.has_value_function()) {
    const v1::ValueFunction& value = message.value_function();
    rules.value_function.emplace();
    if (value.has_interaction_worth())
      rules.value_function->interaction_worth = value.interaction_worth();
    rules.value_function->liked_worth = value.liked_worth();
  }
  return rules;
}

Query FromMessage(const v1::RecommendRequest& message) {
  Query query;
  query.context = FromMessage(message.context());
  if (message.has_count()) query.count = static_cast<size_t>(message.count());
  if (message.has_candidate_count())
    query.candidate_count = static_cast<size_t>(message.candidate_count());
  query.filter = FromMessage(message.filter());
  query.candidate_item_ids.assign(message.candidate_item_ids().begin(),
                                  message.candidate_item_ids().end());
  query.excluded_item_ids.assign(message.exclude_item_ids().begin(),
                                 message.exclude_item_ids().end());
  query.include_seen = message.include_seen();
  query.explain = message.explain();
  query.rules = FromMessage(message.re_ranking());
  return query;
}

SimilarItemsQuery FromMessage(const v1::SimilarItemsRequest& message) {
  SimilarItemsQuery query{.item_id = message.item_id(),
                          .filter = FromMessage(message.filter()),
                          .by = static_cast<Similarity>(message.by())};
  if (message.has_count()) query.count = static_cast<size_t>(message.count());
  return query;
}

}  // namespace shortlist
