// Between the messages of common.proto that say what is known of a request and the same in plain
// types (features/user_state.h): nothing is lost either way but the id of a user who is forgotten.
#pragma once

#include "features/user_state.h"
#include "shortlist/v1/common.pb.h"

namespace shortlist {

UserState FromMessage(const v1::UserState& message);
RequestContext FromMessage(const v1::RequestContext& message);
NamedAttribute FromMessage(const v1::Attribute& message);

// Fill in `message`, which is empty.
void ToMessage(const UserState& state, v1::UserState& message);
void ToMessage(const RequestContext& context, v1::RequestContext& message);

}  // namespace shortlist
