#include "serving/requests/user_resolver.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "features/context_time.h"
#include "serving/requests/field_path.h"
#include "serving/requests/filter_compiler.h"
#include "serving/requests/user_messages.h"

namespace shortlist {
EncodedUser ResolveUser(const v1::UserState& user, const Bundle& bundle) {
  return bundle.encoder->Encode(FromMessage(user));
}

EncodedContext ResolveContext(const v1::RequestContext& context, const Bundle& bundle) {
  return bundle.encoder->Encode(FromMessage(context));
}

const ResolvedRequest& Resolve(const v1::UserState& user, const v1::RequestContext& context,
                               const Bundle& bundle, ResolvedRequest& resolved) {
  if (resolved.bundle != &bundle)
    resolved = {.bundle = &bundle,
                .user = ResolveUser(user, bundle),
                .context = ResolveContext(context, bundle)};
  return resolved;
}

absl::Status StateOfAnonymous(const v1::AnonymousUser& anonymous, const Bundle& bundle,
                              v1::UserState& state) {
  const AttributeSchema& schema = bundle.requests.users();
  const FieldPath path{nullptr, "anonymous"};
  for (int i = 0; i < anonymous.attributes_size(); ++i) {
    const v1::Attribute& given = anonymous.attributes(i);
    const FieldPath attribute{&path, "attributes", i};
    const AttributeSchema::Field* field = schema.FindField(given.name());
    if (field == nullptr)
      return Invalid({&attribute, "name"},
                     absl::StrCat("unknown user attribute \"", given.name(),
                                  "\"; the model knows: ", FieldNames(schema)));
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
  *state.mutable_attributes() = anonymous.attributes();
  state.mutable_history()->Reserve(anonymous.recent_item_ids_size());
  for (const std::string& id : anonymous.recent_item_ids()) state.add_history()->set_item_id(id);
  return absl::OkStatus();
}

}  // namespace shortlist
