#include "serving/request_validation.h"

#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "serving/field_path.h"

namespace shortlist {
namespace {

constexpr size_t kMaxTextBytes = 256;
constexpr int kMaxAttributes = 64;
constexpr int kMaxValues = 256;
constexpr int kMaxConditions = 64;
constexpr int kMaxItemIds = 10'000;
constexpr int kMaxHistory = 100'000;

using Strings = google::protobuf::RepeatedPtrField<std::string>;
using Attributes = google::protobuf::RepeatedPtrField<v1::Attribute>;
using Conditions = google::protobuf::RepeatedPtrField<v1::AttributeCondition>;

absl::Status CheckRange(const FieldPath& field, int64_t value, int64_t min, int64_t max) {
  if (min <= value && value <= max) return absl::OkStatus();
  return Invalid(field, absl::StrCat("must be ", min, " to ", max, ", is ", value));
}

absl::Status CheckSize(const FieldPath& field, int size, int max) {
  if (size <= max) return absl::OkStatus();
  return Invalid(field, absl::StrCat("has ", size, " entries, at most ", max, " are allowed"));
}

absl::Status CheckText(const FieldPath& field, const std::string& text) {
  if (text.size() <= kMaxTextBytes) return absl::OkStatus();
  return Invalid(
      field, absl::StrCat("has ", text.size(), " bytes, at most ", kMaxTextBytes, " are allowed"));
}

absl::Status CheckNonEmptyText(const FieldPath& field, const std::string& text) {
  if (text.empty()) return Invalid(field, "is empty");
  return CheckText(field, text);
}

absl::Status CheckItemIds(const FieldPath& field, const Strings& ids) {
  RETURN_IF_ERROR(CheckSize(field, ids.size(), kMaxItemIds));
  for (int i = 0; i < ids.size(); ++i)
    RETURN_IF_ERROR(CheckNonEmptyText({field.parent, field.name, i}, ids[i]));
  return absl::OkStatus();
}

absl::Status CheckAttributes(const FieldPath& field, const Attributes& attributes) {
  RETURN_IF_ERROR(CheckSize(field, attributes.size(), kMaxAttributes));
  for (int i = 0; i < attributes.size(); ++i) {
    const FieldPath attribute{field.parent, field.name, i};
    RETURN_IF_ERROR(CheckNonEmptyText({&attribute, "name"}, attributes[i].name()));
    const Strings& values = attributes[i].values();
    RETURN_IF_ERROR(CheckSize({&attribute, "values"}, values.size(), kMaxValues));
    for (int v = 0; v < values.size(); ++v)
      RETURN_IF_ERROR(CheckText({&attribute, "values", v}, values[v]));
  }
  return absl::OkStatus();
}

absl::Status CheckContext(const v1::RequestContext& context) {
  const FieldPath path{nullptr, "context"};
  if (context.time_ms() < 0) return Invalid({&path, "time_ms"}, "is negative");
  RETURN_IF_ERROR(CheckText({&path, "device"}, context.device()));
  RETURN_IF_ERROR(CheckText({&path, "surface"}, context.surface()));
  const FieldPath extra{&path, "extra"};
  RETURN_IF_ERROR(CheckSize(extra, static_cast<int>(context.extra().size()), kMaxAttributes));
  for (const auto& [key, value] : context.extra()) {
    RETURN_IF_ERROR(CheckNonEmptyText({&extra, "key"}, key));
    RETURN_IF_ERROR(CheckText({&extra, "value"}, value));
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
      RETURN_IF_ERROR(CheckSize({&any_value, "values"}, values.size(), kMaxValues));
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

absl::Status CheckFilter(const v1::ItemFilter& filter) {
  const FieldPath path{nullptr, "filter"};
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

absl::Status CheckUserState(const v1::UserState& user) {
  const FieldPath path{nullptr, "user"};
  RETURN_IF_ERROR(CheckText({&path, "user_id"}, user.user_id()));
  RETURN_IF_ERROR(CheckAttributes({&path, "attributes"}, user.attributes()));
  RETURN_IF_ERROR(CheckSize({&path, "history"}, user.history_size(), kMaxHistory));
  for (int i = 0; i < user.history_size(); ++i) {
    const FieldPath entry{&path, "history", i};
    RETURN_IF_ERROR(CheckText({&entry, "item_id"}, user.history(i).item_id()));
    if (!std::isfinite(user.history(i).value())) return Invalid({&entry, "value"}, "is not finite");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Validate(const v1::RecommendRequest& request) {
  switch (request.user_case()) {
    case v1::RecommendRequest::kUserId:
      RETURN_IF_ERROR(CheckNonEmptyText({nullptr, "user_id"}, request.user_id()));
      break;
    case v1::RecommendRequest::kAnonymous: {
      const FieldPath path{nullptr, "anonymous"};
      RETURN_IF_ERROR(
          CheckItemIds({&path, "recent_item_ids"}, request.anonymous().recent_item_ids()));
      RETURN_IF_ERROR(CheckAttributes({&path, "attributes"}, request.anonymous().attributes()));
      break;
    }
    case v1::RecommendRequest::USER_NOT_SET:
      return Invalid({nullptr, "user_id"}, "is missing; give it, or anonymous");
  }
  RETURN_IF_ERROR(CheckContext(request.context()));
  if (request.has_count())
    RETURN_IF_ERROR(CheckRange({nullptr, "count"}, request.count(), 1, kMaxCount));
  if (request.has_candidate_count())
    RETURN_IF_ERROR(
        CheckRange({nullptr, "candidate_count"}, request.candidate_count(), 1, kMaxCandidateCount));
  RETURN_IF_ERROR(CheckFilter(request.filter()));
  return CheckItemIds({nullptr, "exclude_item_ids"}, request.exclude_item_ids());
}

absl::Status Validate(const v1::SimilarItemsRequest& request) {
  RETURN_IF_ERROR(CheckNonEmptyText({nullptr, "item_id"}, request.item_id()));
  if (request.has_count())
    RETURN_IF_ERROR(CheckRange({nullptr, "count"}, request.count(), 1, kMaxCount));
  return CheckFilter(request.filter());
}

absl::Status Validate(const v1::GenerateCandidatesRequest& request) {
  RETURN_IF_ERROR(CheckUserState(request.user()));
  RETURN_IF_ERROR(CheckContext(request.context()));
  RETURN_IF_ERROR(CheckRange({nullptr, "count"}, request.count(), 0, kMaxCandidateCount));
  RETURN_IF_ERROR(CheckFilter(request.filter()));
  return CheckItemIds({nullptr, "exclude_item_ids"}, request.exclude_item_ids());
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
    if (!std::isfinite(request.scores(i))) return Invalid({nullptr, "scores", i}, "is not finite");
    if (!v1::CandidateSource_IsValid(request.sources(i)) ||
        request.sources(i) == v1::CANDIDATE_SOURCE_UNSPECIFIED)
      return Invalid({nullptr, "sources", i}, "is not a candidate source");
  }
  return CheckRange({nullptr, "explain_count"}, request.explain_count(), 0, kMaxCount);
}

absl::Status Validate(const v1::GetItemRequest& request) {
  return CheckNonEmptyText({nullptr, "item_id"}, request.item_id());
}

absl::Status Validate(const v1::ListItemsRequest& request) {
  RETURN_IF_ERROR(CheckRange({nullptr, "page_size"}, request.page_size(), 0, kMaxPageSize));
  RETURN_IF_ERROR(CheckText({nullptr, "page_token"}, request.page_token()));
  return CheckFilter(request.filter());
}

}  // namespace shortlist
