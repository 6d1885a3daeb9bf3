#include "state/state_stores.h"

#include <string_view>

#include "common/status_macros.h"
#include "state/redis/redis_state_store.h"
#include "state/sqlite/sqlite_state_store.h"

namespace shortlist {
namespace {

struct StateStoreKind {
  std::string_view prefix;  // Of names; the rest says where.
  absl::StatusOr<std::unique_ptr<StateStore>> (*open)(const std::string& where,
                                                      const StateProjection& projection,
                                                      IfMissing if_missing);
};

absl::StatusOr<std::unique_ptr<StateStore>> OpenSqlite(const std::string& where,
                                                       const StateProjection& projection,
                                                       IfMissing if_missing) {
  const auto open =
      if_missing == IfMissing::kCreate ? SqliteStateStore::OpenOrCreate : SqliteStateStore::Open;
  ASSIGN_OR_RETURN(std::unique_ptr<SqliteStateStore> store, open(where, projection, FoldAt()));
  return store;
}

// It needs nothing to be there.
absl::StatusOr<std::unique_ptr<StateStore>> OpenRedis(const std::string& where,
                                                      const StateProjection& projection,
                                                      IfMissing /*if_missing*/) {
  ASSIGN_OR_RETURN(std::unique_ptr<RedisStateStore> store,
                   RedisStateStore::Open(where, projection));
  return store;
}

// A name without a prefix is of the first.
constexpr StateStoreKind kKinds[] = {
    {"sqlite:", OpenSqlite},
    {"redis:", OpenRedis},
};

}  // namespace

absl::StatusOr<std::unique_ptr<StateStore>> OpenStateStore(const std::string& name,
                                                           const StateProjection& projection,
                                                           IfMissing if_missing) {
  for (const StateStoreKind& kind : kKinds)
    if (name.starts_with(kind.prefix))
      return kind.open(name.substr(kind.prefix.size()), projection, if_missing);
  return kKinds[0].open(name, projection, if_missing);
}

}  // namespace shortlist
