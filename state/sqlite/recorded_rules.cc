#include "state/sqlite/recorded_rules.h"

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace shortlist {

absl::StatusOr<StateProjection> AgreeOnRules(SqliteConnection& connection, bool may_write,
                                             const StateProjection& projection) {
  std::string recorded;
  {
    ASSIGN_OR_RETURN(SqliteStatement select, connection.Prepare("SELECT rules FROM progress"));
    ASSIGN_OR_RETURN(const bool found, select.Step());
    if (found) recorded = std::string(select.Bytes(0));
  }
  if (!projection.has_rules()) {
    absl::StatusOr<StateProjection> parsed = StateProjection::Parse(recorded);
    if (parsed.ok()) return parsed;
    return absl::DataLossError(
        absl::StrCat(connection.path(), ": its rules: ", parsed.status().message()));
  }
  const std::string rules = projection.Serialize();
  if (may_write && rules != recorded) {
    ASSIGN_OR_RETURN(SqliteStatement update, connection.Prepare("UPDATE progress SET rules = ?1"));
    RETURN_IF_ERROR(update.BindBlob(1, rules));
    RETURN_IF_ERROR(update.Run());
  }
  return projection;
}

}  // namespace shortlist
