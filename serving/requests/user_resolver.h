// From what callers and the state store know of a user, in public ids and names, to the rows and
// codes of one bundle. What the bundle does not know is left out.
#pragma once

#include "absl/status/status.h"
#include "features/encoded_request.h"
#include "model/bundle.h"
#include "shortlist/v1/common.pb.h"
#include "shortlist/v1/recommender.pb.h"

namespace shortlist {

EncodedUser ResolveUser(const v1::UserState& user, const Bundle& bundle);

// The context's attributes are: "daypart" and "weekday" of time_ms (features/context_time.h),
// "device", "surface", and each key of extra, which overrides these.
EncodedContext ResolveContext(const v1::RequestContext& context, const Bundle& bundle);

// What of a request the stages of one process resolve but once.
struct ResolvedRequest {
  const Bundle* bundle = nullptr;  // Null: not resolved yet.
  EncodedUser user;
  EncodedContext context;
};
const ResolvedRequest& Resolve(const v1::UserState& user, const v1::RequestContext& context,
                               const Bundle& bundle, ResolvedRequest& resolved);

// What an anonymous caller says of itself, as a user state (which is empty) without a user id.
// INVALID_ARGUMENT names an attribute that the model was not trained with, and those it was; or one
// that has several values where there can be only one.
absl::Status StateOfAnonymous(const v1::AnonymousUser& anonymous, const Bundle& bundle,
                              v1::UserState& state);

}  // namespace shortlist
