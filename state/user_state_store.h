// What is known of every user now: attributes and history, by user id. Read once per request of a
// user with an id. Whoever reads a state trims it (features/user_state.h): what is stored may be
// beyond the bounds of a request.
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
