#include "serving/requests/user_attributes.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "features/context_time.h"

namespace shortlist {
namespace {

absl::Status CheckTimeZone(const v1::Attribute& given, const FieldPath& attribute) {
  for (int v = 0; v < given.values_size(); ++v)
    if (!ParseTimeZone(given.values(v)))
      return Invalid({&attribute, "values", v},
                     absl::StrCat("\"", given.values(v), "\" is no time zone"));
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckUserAttributes(const google::protobuf::RepeatedPtrField<v1::Attribute>& given,
                                 const AttributeSchema& schema, const FieldPath* parent) {
  for (int i = 0; i < given.size(); ++i) {
    const std::string& name = given[i].name();
    const FieldPath attribute{parent, "attributes", i};
    const AttributeSchema::Field* field = schema.FindField(name);
    if (name == kTimeZoneAttribute) {
      RETURN_IF_ERROR(CheckTimeZone(given[i], attribute));
    } else if (field == nullptr) {
      return Invalid({&attribute, "name"},
                     absl::StrCat("unknown user attribute \"", name,
                                  "\"; the model knows: ", schema.FieldNames()));
    }
    if (field != nullptr && field->type == AttributeType::kTokens) continue;
    if (given[i].values_size() > 1)
      return Invalid({&attribute, "values"}, absl::StrCat("\"", name, "\" has one value at most"));
    for (int j = 0; j < i; ++j)
      if (given[j].name() == name)
        return Invalid({&attribute, "name"},
                       absl::StrCat("\"", name, "\" has one value at most and is there twice"));
  }
  return absl::OkStatus();
}

}  // namespace shortlist
