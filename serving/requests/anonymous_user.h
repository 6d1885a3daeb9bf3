// What a caller without an id says of itself.
#pragma once

#include "absl/status/statusor.h"
#include "features/request_schema.h"
#include "features/user_state.h"
#include "shortlist/v1/recommender.pb.h"

namespace shortlist {

// The user state, without a user id. INVALID_ARGUMENT names an attribute that does not fit the
// model (serving/requests/user_attributes.h).
absl::StatusOr<UserState> StateOfAnonymous(const v1::AnonymousUser& anonymous,
                                           const RequestSchema& schema);

}  // namespace shortlist
