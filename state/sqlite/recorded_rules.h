// The rules that states are made by, in a state file: so that a role, or a command, that has none
// of its own reads what is recorded as the service does that recorded it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "state/sqlite/sqlite_connection.h"
#include "state/state_projection.h"

namespace shortlist {

// Those of `projection`, which the file remembers where it is open for writing, or where it has
// none those that the file remembers. DATA_LOSS names a file whose rules are damaged.
absl::StatusOr<StateProjection> AgreeOnRules(SqliteConnection& connection, bool may_write,
                                             const StateProjection& projection);

}  // namespace shortlist
