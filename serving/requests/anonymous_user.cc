#include "serving/requests/anonymous_user.h"

#include "absl/strings/str_cat.h"
#include "common/field_path.h"
#include "common/status_macros.h"
#include "serving/requests/user_messages.h"

namespace shortlist {
namespace {

absl::Status CheckAttributes(const v1::AnonymousUser& anonymous, const AttributeSchema& schema) {
  const FieldPath path{nullptr, "anonymous"};
  for (int i = 0; i < anonymous.attributes_size(); ++i) {
    const v1::Attribute& given = anonymous.attributes(i);
    const FieldPath attribute{&path, "attributes", i};
    const AttributeSchema::Field* field = schema.FindField(given.name());
    if (field == nullptr)
      return Invalid({&attribute, "name"},
                     absl::StrCat("unknown user attribute \"", given.name(),
                                  "\"; the model knows: ", schema.FieldNames()));
    if (field->type == AttributeType::kTokens) continue;
    if (given.values_size() > 1)
      return Invalid({&attribute, "values"},
                     absl::StrCat("\"", given.name(), "\" has one value at most"));
    for (int j = 0; j < i; ++j)
      if (anonymous.attributes(j).name() == given.name())
        return Invalid({&attribute, "name"}, absl::StrCat("\"", given.name(),
                                                          "\" has one value at most and is there "
                                                          "twice"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<UserState> StateOfAnonymous(const v1::AnonymousUser& anonymous,
                                           const RequestSchema& schema) {
  RETURN_IF_ERROR(CheckAttributes(anonymous, schema.users()));
  UserState state;
  for (const v1::Attribute& attribute : anonymous.attributes())
    state.attributes.push_back(FromMessage(attribute));
  for (const std::string& id : anonymous.recent_item_ids())
    state.history.push_back({.item_id = id});
  return state;
}

}  // namespace shortlist
