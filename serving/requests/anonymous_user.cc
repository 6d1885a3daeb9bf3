#include "serving/requests/anonymous_user.h"

#include "common/field_path.h"
#include "common/status_macros.h"
#include "serving/requests/user_attributes.h"
#include "serving/requests/user_messages.h"

namespace shortlist {

absl::StatusOr<UserState> StateOfAnonymous(const v1::AnonymousUser& anonymous,
                                           const RequestSchema& schema) {
  const FieldPath path{nullptr, "anonymous"};
  RETURN_IF_ERROR(CheckUserAttributes(anonymous.attributes(), schema.users(), &path));
  UserState state;
  for (const v1::Attribute& attribute : anonymous.attributes())
    state.attributes.push_back(FromMessage(attribute));
  for (const std::string& id : anonymous.recent_item_ids())
    state.history.push_back({.item_id = id});
  return state;
}

}  // namespace shortlist
