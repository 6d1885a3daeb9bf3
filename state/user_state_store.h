// What is known of every user now: attributes and recent history, by user id. Read once per
// request, seeded by training.
//
// Implementations are thread-safe.
#pragma once

#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "features/user_state.h"

namespace shortlist {

class UserStateStore {
 public:
  virtual ~UserStateStore() = default;

  // Fills in the user's state, which is empty; false for a user that the store does not know.
  virtual absl::StatusOr<bool> Read(std::string_view user_id, UserState& state) const = 0;

  // Stores the states under their user ids, replacing what was there for those users: all of them
  // or, on an error, none. An empty user id is INVALID_ARGUMENT.
  virtual absl::Status WriteBatch(std::span<const UserState> states) = 0;
};

}  // namespace shortlist
