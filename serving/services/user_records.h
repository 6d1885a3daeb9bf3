// What is known of users, for those who tell it and those who ask. Thread-safe; refers to its
// parts, which must outlive it.
#pragma once

#include "absl/status/status.h"
#include "model/bundle_registry.h"
#include "shortlist/v1/users.pb.h"
#include "state/state_store.h"

namespace shortlist {

class UserRecords {
 public:
  UserRecords(const BundleRegistry& bundles, StateStore& states)
      : bundles_(bundles), states_(states) {}

  // Fill in `response`, which is empty. Errors are those of users.proto.
  absl::Status Upsert(const v1::UpsertUserRequest& request, v1::UpsertUserResponse& response) const;
  absl::Status Get(const v1::GetUserRequest& request, v1::GetUserResponse& response) const;
  absl::Status Delete(const v1::DeleteUserRequest& request, v1::DeleteUserResponse& response) const;

 private:
  const BundleRegistry& bundles_;
  StateStore& states_;
};

}  // namespace shortlist
