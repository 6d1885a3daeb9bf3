// What is known of every user and session now: attributes, recent history, what was refused. Read
// once per request, in one round trip. Whoever reads a state trims it (features/user_state.h): what
// is stored may be beyond the bounds of a request.
//
// Implementations are thread-safe.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "features/user_state.h"

namespace shortlist {

class UserStateStore {
 public:
  virtual ~UserStateStore() = default;

  // Fills in the state of UserKey(id) or SessionKey(id), which is empty: Merge of its two parts
  // (state/state_projection.h). False for one that the store does not know; true of one that it
  // knows to be forgotten. It has what every Append that has returned, in any process, recorded.
  // UNAVAILABLE: the store is busy or away; DEADLINE_EXCEEDED: it gave no answer until then.
  virtual absl::StatusOr<bool> Read(std::string_view key, absl::Time deadline,
                                    UserState& state) const = 0;
  // Waits for as long as the store finds right.
  absl::StatusOr<bool> Read(std::string_view key, UserState& state) const {
    return Read(key, absl::InfiniteFuture(), state);
  }
};

}  // namespace shortlist
