#include "serving/requests/filter_compiler.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

using Conditions = google::protobuf::RepeatedPtrField<v1::AttributeCondition>;

absl::Status AddConditions(const Conditions& conditions, const FieldPath& filter,
                           std::string_view name, const AttributeSchema& schema,
                           std::vector<FilterCondition>& out) {
  for (int i = 0; i < conditions.size(); ++i) {
    const v1::AttributeCondition& condition = conditions[i];
    const FieldPath path{&filter, name, i};
    const AttributeSchema::Field* field = schema.FindField(condition.attribute());
    if (field == nullptr)
      return Invalid({&path, "attribute"},
                     absl::StrCat("unknown item attribute \"", condition.attribute(),
                                  "\"; the catalog has: ", FieldNames(schema)));
    FilterCondition& compiled = out.emplace_back();
    compiled.attribute = condition.attribute();
    compiled.any_value.assign(condition.any_value().values().begin(),
                              condition.any_value().values().end());
    if (!condition.has_range()) continue;
    if (field->type != AttributeType::kNumber)
      return Invalid({&path, "range"}, absl::StrCat("item attribute \"", condition.attribute(),
                                                    "\" is not numeric and has no ranges"));
    compiled.range.emplace();
    if (condition.range().has_min()) compiled.range->min = condition.range().min();
    if (condition.range().has_max()) compiled.range->max = condition.range().max();
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ItemFilter> CompileFilter(const v1::ItemFilter& filter, const Bundle& bundle,
                                         const FieldPath& path) {
  const AttributeSchema& schema = bundle.catalog.schema();
  FilterConditions conditions;
  RETURN_IF_ERROR(AddConditions(filter.all_of(), path, "all_of", schema, conditions.all_of));
  RETURN_IF_ERROR(AddConditions(filter.any_of(), path, "any_of", schema, conditions.any_of));
  RETURN_IF_ERROR(AddConditions(filter.none_of(), path, "none_of", schema, conditions.none_of));
  return bundle.attributes->Compile(conditions);
}

std::string FieldNames(const AttributeSchema& schema) {
  if (schema.fields().empty()) return "none";
  return absl::StrJoin(schema.fields(), ", ",
                       [](std::string* out, const AttributeSchema::Field& field) {
                         absl::StrAppend(out, field.name);
                       });
}

}  // namespace shortlist
