// Opens the store of user states that a configuration names. Every kind of store is a folder here
// and a line in the table (user_state_stores.cc).
//
//   ASSIGN_OR_RETURN(std::unique_ptr<UserStateStore> store, OpenUserStateStore("models/state.db"));
#pragma once

#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "state/user_state_store.h"

namespace shortlist {

struct UserStateStoreKind {
  const char* scheme;  // "sqlite" of "sqlite:models/state.db".
  absl::StatusOr<std::unique_ptr<UserStateStore>> (*open)(const std::string& where);
};

// All kinds; a name without a scheme is of the first.
std::span<const UserStateStoreKind> UserStateStoreKinds();

// `name`: WHERE, or SCHEME:WHERE. Errors are those of the store.
absl::StatusOr<std::unique_ptr<UserStateStore>> OpenUserStateStore(
    const std::string& name, std::span<const UserStateStoreKind> kinds = UserStateStoreKinds());

}  // namespace shortlist
