// What a caller without an id says of itself.
#pragma once

#include "absl/status/statusor.h"
#include "features/request_schema.h"
#include "features/user_state.h"
#include "shortlist/v1/recommender.pb.h"

namespace shortlist {

// The user state, without a user id. INVALID_ARGUMENT names an attribute that the model was not
// trained with, and those it was; or one that has several values where there can be only one.
absl::StatusOr<UserState> StateOfAnonymous(const v1::AnonymousUser& anonymous,
                                           const RequestSchema& schema);

}  // namespace shortlist
