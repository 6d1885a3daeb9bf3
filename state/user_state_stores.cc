#include "state/user_state_stores.h"

#include "common/status_macros.h"
#include "state/sqlite/sqlite_user_state_store.h"

namespace shortlist {
namespace {

template <class Store>
absl::StatusOr<std::unique_ptr<UserStateStore>> Open(const std::string& where) {
  ASSIGN_OR_RETURN(std::unique_ptr<Store> store, Store::Open(where));
  return store;
}

}  // namespace

std::span<const UserStateStoreKind> UserStateStoreKinds() {
  static constexpr UserStateStoreKind kKinds[] = {
      {"sqlite", Open<SqliteUserStateStore>},
  };
  return kKinds;
}

absl::StatusOr<std::unique_ptr<UserStateStore>> OpenUserStateStore(
    const std::string& name, std::span<const UserStateStoreKind> kinds) {
  for (const UserStateStoreKind& kind : kinds) {
    const std::string prefix = std::string(kind.scheme) + ":";
    if (name.starts_with(prefix)) return kind.open(name.substr(prefix.size()));
  }
  return kinds.front().open(name);
}

}  // namespace shortlist
