#include "serving/requests/request_validation.h"

#include <cmath>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/field_path.h"
#include "common/status_macros.h"
#include "features/catalog.h"
#include "features/context_time.h"
#include "features/user_state.h"
#include "pipeline/query.h"
#include "serving/events/frequency_cap.h"
#include "serving/requests/field_checks.h"
#include "serving/requests/page_token.h"

namespace shortlist {
namespace {

constexpr size_t kMaxConditions = 64;
constexpr size_t kMaxItemIds = 10'000;
constexpr size_t kMaxAttributeLimits = 16;  // Of the configuration and of the request each.
constexpr size_t kMaxBoosts = 64;
constexpr float kMaxBoost = 20;
constexpr float kMaxWorth = 1e6F;

using Strings = google::protobuf::RepeatedPtrField<std::string>;
using Attributes = google::protobuf::RepeatedPtrField<v1::Attribute>;
using Conditions = google::protobuf::RepeatedPtrField<v1::AttributeCondition>;

// Those that the service makes are, but for rounding.
bool IsCosine(float score) { return std::abs(score) <= 1.001F; }

absl::Status CheckItemIds(const FieldPath& field, const Strings& ids, size_t max = kMaxItemIds) {
  RETURN_IF_ERROR(CheckSize(field, ids.size(), max));
  for (int i = 0; i < ids.size(); ++i)
    RETURN_IF_ERROR(CheckNonEmptyText({field.parent, field.name, i}, ids[i]));
  return absl::OkStatus();
}

absl::Status CheckChangedItemIds(const Strings& ids) {
  const FieldPath field{nullptr, "item_ids"};
  RETURN_IF_ERROR(CheckRange(field, ids.size(), 1, kMaxChangedItems));
  return CheckItemIds(field, ids);
}

absl::Status CheckAttributes(const FieldPath& field, const Attributes& attributes) {
  RETURN_IF_ERROR(CheckSize(field, attributes.size(), kMaxAttributes));
  for (int i = 0; i < attributes.size(); ++i) {
    const FieldPath attribute{field.parent, field.name, i};
    RETURN_IF_ERROR(CheckNonEmptyText({&attribute, "name"}, attributes[i].name()));
    const Strings& values = attributes[i].values();
    RETURN_IF_ERROR(CheckSize({&attribute, "values"}, values.size(), kMaxAttributeValues));
    for (int v = 0; v < values.size(); ++v)
      RETURN_IF_ERROR(CheckText({&attribute, "values", v}, values[v]));
  }
  return absl::OkStatus();
}

// As much of a text of any length as tells which one it is.
std::string Shown(const std::string& text) {
  size_t end = 32;
  if (text.size() <= end) return text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // UTF-8.
  return absl::StrCat(text.substr(0, end), "...");
}

absl::Status CheckContext(const v1::RequestContext& context) {
  const FieldPath path{nullptr, "context"};
  if (context.time_ms() < 0) return Invalid({&path, "time_ms"}, "is negative");
  RETURN_IF_ERROR(CheckText({&path, "device"}, context.device()));
  RETURN_IF_ERROR(CheckText({&path, "surface"}, context.surface()));
  const FieldPath time_zone{&path, "time_zone"};
  RETURN_IF_ERROR(CheckText(time_zone, context.time_zone()));
  if (!context.time_zone().empty() && !ParseTimeZone(context.time_zone()))
    return Invalid(time_zone, absl::StrCat("\"", context.time_zone(),
                                           "\" is neither the name of a time zone, such as "
                                           "Europe/Berlin, nor an offset, such as +02:00"));
  const FieldPath extra{&path, "extra"};
  RETURN_IF_ERROR(CheckSize(extra, static_cast<int>(context.extra().size()), kMaxAttributes));
  for (const auto& [key, value] : context.extra()) {
    if (!key.empty() && key.size() <= kMaxTextBytes && value.size() <= kMaxTextBytes) continue;
    const std::string entry = absl::StrCat("extra[\"", Shown(key), "\"]");
    RETURN_IF_ERROR(CheckNonEmptyText({&path, absl::StrCat(entry, ".key")}, key));
    RETURN_IF_ERROR(CheckText({&path, entry}, value));
  }
  return absl::OkStatus();
}

absl::Status CheckCondition(const FieldPath& path, const v1::AttributeCondition& condition) {
  RETURN_IF_ERROR(CheckNonEmptyText({&path, "attribute"}, condition.attribute()));
  switch (condition.match_case()) {
    case v1::AttributeCondition::kAnyValue: {
      const FieldPath any_value{&path, "any_value"};
      const Strings& values = condition.any_value().values();
      if (values.empty()) return Invalid({&any_value, "values"}, "is empty");
      RETURN_IF_ERROR(CheckSize({&any_value, "values"}, values.size(), kMaxAttributeValues));
      for (int v = 0; v < values.size(); ++v)
        RETURN_IF_ERROR(CheckNonEmptyText({&any_value, "values", v}, values[v]));
      return absl::OkStatus();
    }
    case v1::AttributeCondition::kRange: {
      const FieldPath range_path{&path, "range"};
      const v1::AttributeCondition::Range& range = condition.range();
      if (std::isnan(range.min())) return Invalid({&range_path, "min"}, "is not a number");
      if (std::isnan(range.max())) return Invalid({&range_path, "max"}, "is not a number");
      if (range.has_min() && range.has_max() && range.min() > range.max())
        return Invalid(range_path,
                       absl::StrCat("min ", range.min(), " is above max ", range.max()));
      return absl::OkStatus();
    }
    case v1::AttributeCondition::MATCH_NOT_SET:
      break;
  }
  return Invalid(path, "has neither any_value nor range");
}

absl::Status CheckFilter(const v1::ItemFilter& filter,
                         const FieldPath& path = {nullptr, "filter"}) {
  RETURN_IF_ERROR(CheckSize(
      path, filter.all_of_size() + filter.any_of_size() + filter.none_of_size(), kMaxConditions));
  auto check = [&](std::string_view name, const Conditions& conditions) -> absl::Status {
    for (int i = 0; i < conditions.size(); ++i)
      RETURN_IF_ERROR(CheckCondition({&path, name, i}, conditions[i]));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(check("all_of", filter.all_of()));
  RETURN_IF_ERROR(check("any_of", filter.any_of()));
  return check("none_of", filter.none_of());
}

absl::Status CheckSimilarity(v1::Similarity by) {
  if (!v1::Similarity_IsValid(by))
    return Invalid({nullptr, "by"}, absl::StrCat(static_cast<int>(by), " is no Similarity"));
  return absl::OkStatus();
}

// Negated, so that what is not a number is refused.
absl::Status CheckShare(const FieldPath& field, float share) {
  if (!(0 <= share && share <= 1)) return Invalid(field, "must be 0 to 1");
  return absl::OkStatus();
}

absl::Status CheckLimits(const FieldPath& field,
                         const google::protobuf::RepeatedPtrField<v1::AttributeLimit>& limits) {
  RETURN_IF_ERROR(CheckSize(field, limits.size(), kMaxAttributeLimits));
  for (int i = 0; i < limits.size(); ++i) {
    const FieldPath limit{field.parent, field.name, i};
    RETURN_IF_ERROR(CheckNonEmptyText({&limit, "attribute"}, limits[i].attribute()));
    if (limits[i].max_items() < 1) return Invalid({&limit, "max_items"}, "must be 1 or more");
    for (int other = 0; other < i; ++other)
      if (limits[other].attribute() == limits[i].attribute())
        return Invalid({&limit, "attribute"},
                       absl::StrCat("\"", limits[i].attribute(), "\" has a limit already"));
  }
  return absl::OkStatus();
}

absl::Status CheckBoost(const FieldPath& path, const v1::Boost& boost) {
  RETURN_IF_ERROR(CheckText({&path, "name"}, boost.name()));
  RETURN_IF_ERROR(CheckItemIds({&path, "item_ids"}, boost.item_ids()));
  const v1::ItemFilter& filter = boost.filter();
  RETURN_IF_ERROR(CheckFilter(filter, {&path, "filter"}));
  if (boost.item_ids().empty() &&
      filter.all_of_size() + filter.any_of_size() + filter.none_of_size() == 0)
    return Invalid(path, "has neither item_ids nor a filter");
  if (!(std::abs(boost.log_odds()) <= kMaxBoost))
    return Invalid({&path, "log_odds"}, absl::StrCat("must be -", kMaxBoost, " to ", kMaxBoost));
  return absl::OkStatus();
}

absl::Status CheckValueFunction(const FieldPath& path, const v1::ValueFunction& value) {
  auto check = [&](std::string_view name, float worth) {
    return 0 <= worth && worth <= kMaxWorth
               ? absl::OkStatus()
               : Invalid({&path, name}, absl::StrCat("must be 0 to ", kMaxWorth));
  };
  RETURN_IF_ERROR(check("interaction_worth", value.interaction_worth()));
  RETURN_IF_ERROR(check("liked_worth", value.liked_worth()));
  if (value.has_interaction_worth() && value.interaction_worth() == 0 && value.liked_worth() == 0)
    return Invalid(path, "interaction_worth and liked_worth are both 0");
  return absl::OkStatus();
}

absl::Status CheckInteractions(const FieldPath& field,
                               const google::protobuf::RepeatedPtrField<v1::Interaction>& list,
                               size_t max) {
  RETURN_IF_ERROR(CheckSize(field, list.size(), max));
  for (int i = 0; i < list.size(); ++i) {
    const FieldPath entry{field.parent, field.name, i};
    RETURN_IF_ERROR(CheckText({&entry, "item_id"}, list[i].item_id()));
    if (!std::isfinite(list[i].value())) return Invalid({&entry, "value"}, "is not finite");
  }
  return absl::OkStatus();
}

absl::Status CheckUserState(const v1::UserState& user) {
  const FieldPath path{nullptr, "user"};
  RETURN_IF_ERROR(CheckText({&path, "user_id"}, user.user_id()));
  RETURN_IF_ERROR(CheckAttributes({&path, "attributes"}, user.attributes()));
  RETURN_IF_ERROR(CheckSize({&path, "shown"}, user.shown_size(), kMaxShownItems));
  RETURN_IF_ERROR(CheckInteractions({&path, "history"}, user.history(), kMaxHistory));
  return CheckInteractions({&path, "refused"}, user.refused(), kMaxRefused);
}

}  // namespace

absl::Status Validate(const v1::ReRanking& rules) {
  const FieldPath path{nullptr, "re_ranking"};
  RETURN_IF_ERROR(CheckShare({&path, "diversity"}, rules.diversity()));
  RETURN_IF_ERROR(CheckShare({&path, "min_probability"}, rules.min_probability()));
  RETURN_IF_ERROR(
      CheckRange({&path, "new_item_interval"}, rules.new_item_interval(), 0, kMaxCount));
  RETURN_IF_ERROR(CheckLimits({&path, "limits"}, rules.limits()));
  RETURN_IF_ERROR(CheckSize({&path, "pinned"}, rules.pinned_size(), kMaxCount));
  for (int i = 0; i < rules.pinned_size(); ++i) {
    const FieldPath pinned{&path, "pinned", i};
    RETURN_IF_ERROR(CheckNonEmptyText({&pinned, "item_id"}, rules.pinned(i).item_id()));
    RETURN_IF_ERROR(CheckRange({&pinned, "place"}, rules.pinned(i).place(), 0, kMaxCount));
  }
  RETURN_IF_ERROR(CheckSize({&path, "boosts"}, rules.boosts_size(), kMaxBoosts));
  for (int i = 0; i < rules.boosts_size(); ++i)
    RETURN_IF_ERROR(CheckBoost({&path, "boosts", i}, rules.boosts(i)));
  return CheckValueFunction({&path, "value_function"}, rules.value_function());
}

absl::Status Validate(const v1::RecommendRequest& request) {
  switch (request.user_case()) {
    case v1::RecommendRequest::kUserId:
      RETURN_IF_ERROR(CheckNonEmptyText({nullptr, "user_id"}, request.user_id()));
      break;
    case v1::RecommendRequest::kSessionId:
      RETURN_IF_ERROR(CheckNonEmptyText({nullptr, "session_id"}, request.session_id()));
      break;
    case v1::RecommendRequest::kAnonymous: {
      const FieldPath path{nullptr, "anonymous"};
      RETURN_IF_ERROR(
          CheckItemIds({&path, "recent_item_ids"}, request.anonymous().recent_item_ids()));
      RETURN_IF_ERROR(CheckAttributes({&path, "attributes"}, request.anonymous().attributes()));
      break;
    }
    case v1::RecommendRequest::USER_NOT_SET:
      return Invalid({nullptr, "user_id"}, "is missing; give it, session_id or anonymous");
  }
  RETURN_IF_ERROR(CheckContext(request.context()));
  if (request.has_count())
    RETURN_IF_ERROR(CheckRange({nullptr, "count"}, request.count(), 1, kMaxCount));
  if (request.has_candidate_count())
    RETURN_IF_ERROR(
        CheckRange({nullptr, "candidate_count"}, request.candidate_count(), 1, kMaxCandidateCount));
  RETURN_IF_ERROR(CheckFilter(request.filter()));
  RETURN_IF_ERROR(CheckItemIds({nullptr, "exclude_item_ids"}, request.exclude_item_ids()));
  RETURN_IF_ERROR(CheckItemIds({nullptr, "candidate_item_ids"}, request.candidate_item_ids(),
                               kMaxCandidateCount));
  return Validate(request.re_ranking());
}

absl::Status Validate(const v1::SimilarItemsRequest& request) {
  RETURN_IF_ERROR(CheckNonEmptyText({nullptr, "item_id"}, request.item_id()));
  if (request.has_count())
    RETURN_IF_ERROR(CheckRange({nullptr, "count"}, request.count(), 1, kMaxCount));
  RETURN_IF_ERROR(CheckSimilarity(request.by()));
  return CheckFilter(request.filter());
}

absl::Status Validate(const v1::GenerateCandidatesRequest& request) {
  RETURN_IF_ERROR(CheckUserState(request.user()));
  RETURN_IF_ERROR(CheckContext(request.context()));
  RETURN_IF_ERROR(CheckRange({nullptr, "count"}, request.count(), 0, kMaxCandidateCount));
  RETURN_IF_ERROR(CheckFilter(request.filter()));
  RETURN_IF_ERROR(CheckItemIds({nullptr, "exclude_item_ids"}, request.exclude_item_ids(),
                               kMaxItemIds + kMaxPagedItems + kMaxRestingItems));
  RETURN_IF_ERROR(CheckItemIds({nullptr, "candidate_item_ids"}, request.candidate_item_ids(),
                               kMaxCandidateCount));
  RETURN_IF_ERROR(CheckText({nullptr, "bundle_id"}, request.bundle_id()));
  if (!(request.search_breadth() >= 0 && request.search_breadth() <= 1))
    return Invalid({nullptr, "search_breadth"}, "is not 0 to 1");
  return CheckItemIds({nullptr, "pinned_item_ids"}, request.pinned_item_ids(), 2 * kMaxCount);
}

absl::Status Validate(const v1::FindSimilarItemsRequest& request) {
  RETURN_IF_ERROR(CheckNonEmptyText({nullptr, "item_id"}, request.item_id()));
  RETURN_IF_ERROR(CheckText({nullptr, "bundle_id"}, request.bundle_id()));
  RETURN_IF_ERROR(CheckRange({nullptr, "count"}, request.count(), 0, kMaxCount));
  RETURN_IF_ERROR(CheckSimilarity(request.by()));
  return CheckFilter(request.filter());
}

absl::Status Validate(const v1::RankRequest& request) {
  RETURN_IF_ERROR(CheckUserState(request.user()));
  RETURN_IF_ERROR(CheckContext(request.context()));
  RETURN_IF_ERROR(CheckNonEmptyText({nullptr, "bundle_id"}, request.bundle_id()));
  const int count = request.item_rows_size();
  RETURN_IF_ERROR(CheckSize({nullptr, "item_rows"}, count, kMaxCandidateCount));
  if (request.scores_size() != count)
    return Invalid({nullptr, "scores"}, "is not as long as item_rows");
  if (request.sources_size() != count)
    return Invalid({nullptr, "sources"}, "is not as long as item_rows");
  for (int i = 0; i < count; ++i) {
    if (!IsCosine(request.scores(i)))
      return Invalid({nullptr, "scores", i}, "is not a cosine, -1 to 1");
    if (!v1::SourceId_IsValid(request.sources(i)) ||
        request.sources(i) == v1::CANDIDATE_SOURCE_UNSPECIFIED)
      return Invalid({nullptr, "sources", i}, "is not a candidate source");
  }
  RETURN_IF_ERROR(CheckRange({nullptr, "explain_count"}, request.explain_count(), 0, kMaxCount));
  const int explained = request.explain_candidates_size();
  RETURN_IF_ERROR(CheckSize({nullptr, "explain_candidates"}, explained, kMaxCount));
  for (int i = 0; i < explained; ++i)
    RETURN_IF_ERROR(CheckRange({nullptr, "explain_candidates", i}, request.explain_candidates(i), 0,
                               count - 1));
  if (request.explain_scores_size() != explained)
    return Invalid({nullptr, "explain_scores"}, "is not as long as explain_candidates");
  for (int i = 0; i < explained; ++i)
    if (!std::isfinite(request.explain_scores(i)))
      return Invalid({nullptr, "explain_scores", i}, "is not finite");
  const int liked = request.explain_liked_scores_size();
  if (liked != 0 && liked != explained)
    return Invalid({nullptr, "explain_liked_scores"}, "is not as long as explain_candidates");
  for (int i = 0; i < liked; ++i)
    if (!std::isfinite(request.explain_liked_scores(i)))
      return Invalid({nullptr, "explain_liked_scores", i}, "is not finite");
  return absl::OkStatus();
}

absl::Status Validate(const v1::GetItemRequest& request) {
  return CheckNonEmptyText({nullptr, "item_id"}, request.item_id());
}

absl::Status Validate(const v1::ListItemsRequest& request) {
  RETURN_IF_ERROR(CheckRange({nullptr, "page_size"}, request.page_size(), 0, kMaxPageSize));
  RETURN_IF_ERROR(CheckText({nullptr, "page_token"}, request.page_token()));
  return CheckFilter(request.filter());
}

absl::Status Validate(const v1::UpsertItemsRequest& request) {
  RETURN_IF_ERROR(CheckRange({nullptr, "items"}, request.items_size(), 1, kMaxChangedItems));
  absl::flat_hash_set<std::string_view> ids;
  for (int i = 0; i < request.items_size(); ++i) {
    const FieldPath item{nullptr, "items", i};
    const v1::Item& told = request.items(i);
    RETURN_IF_ERROR(CheckNonEmptyText({&item, "item_id"}, told.item_id()));
    if (!ids.insert(told.item_id()).second)
      return Invalid({&item, "item_id"}, absl::StrCat("\"", told.item_id(), "\" is there twice"));
    if (told.title().size() > kMaxTitleBytes)
      return Invalid({&item, "title"}, absl::StrCat("has ", told.title().size(), " bytes, at most ",
                                                    kMaxTitleBytes, " are allowed"));
    RETURN_IF_ERROR(CheckAttributes({&item, "attributes"}, told.attributes()));
    RETURN_IF_ERROR(CheckSize({&item, "vector"}, told.vector_size(), kMaxVectorDim));
  }
  return absl::OkStatus();
}

absl::Status Validate(const v1::DeleteItemsRequest& request) {
  return CheckChangedItemIds(request.item_ids());
}

absl::Status Validate(const v1::HideItemsRequest& request) {
  if (request.until_ms() < 0) return Invalid({nullptr, "until_ms"}, "is negative");
  return CheckChangedItemIds(request.item_ids());
}

absl::Status Validate(const v1::ListChangesRequest& request) {
  RETURN_IF_ERROR(CheckRange({nullptr, "page_size"}, request.page_size(), 0, kMaxPageSize));
  return CheckText({nullptr, "page_token"}, request.page_token());
}

absl::Status Validate(const v1::UpsertUserRequest& request) {
  RETURN_IF_ERROR(CheckNonEmptyText({nullptr, "user_id"}, request.user_id()));
  const FieldPath attributes{nullptr, "attributes"};
  if (request.attributes().empty()) return Invalid(attributes, "is empty");
  RETURN_IF_ERROR(CheckAttributes(attributes, request.attributes()));
  for (int i = 0; i < request.attributes_size(); ++i)
    for (int other = 0; other < i; ++other)
      if (request.attributes(other).name() == request.attributes(i).name()) {
        const FieldPath attribute{nullptr, "attributes", i};
        return Invalid({&attribute, "name"},
                       absl::StrCat("\"", request.attributes(i).name(), "\" is there twice"));
      }
  return absl::OkStatus();
}

absl::Status Validate(const v1::GetUserRequest& request) {
  RETURN_IF_ERROR(CheckNonEmptyText({nullptr, "user_id"}, request.user_id()));
  return CheckRange({nullptr, "count"}, request.count(), 0, kMaxShownInteractions);
}

absl::Status Validate(const v1::DeleteUserRequest& request) {
  return CheckNonEmptyText({nullptr, "user_id"}, request.user_id());
}

}  // namespace shortlist
