#include "state/sqlite/recorded_states.h"

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "state/user_state_codec.h"

namespace shortlist {

absl::StatusOr<RecordedStates> RecordedStates::Prepare(SqliteConnection& connection,
                                                       const StateProjection& projection) {
  RecordedStates states;
  states.connection_ = &connection;
  states.projection_ = &projection;
  ASSIGN_OR_RETURN(states.select_, connection.Prepare("SELECT state FROM recorded WHERE key = ?1"));
  ASSIGN_OR_RETURN(states.write_,
                   connection.Prepare("INSERT INTO recorded (key, state) VALUES (?1, ?2) "
                                      "ON CONFLICT (key) DO UPDATE SET state = excluded.state"));
  return states;
}

absl::Status RecordedStates::Apply(const v1::LogEntry& entry) {
  if (!projection_->Changes(entry)) return absl::OkStatus();
  const std::string key = KeyOf(entry);
  const auto [place, is_new] = states_.try_emplace(key);
  if (is_new) {
    RETURN_IF_ERROR(select_.BindText(1, key));
    ASSIGN_OR_RETURN(const bool found, select_.Step());
    const bool is_state = !found || DecodeUserState(select_.Bytes(0), place->second);
    select_.Reset();
    if (!is_state)
      return absl::DataLossError(absl::StrCat(connection_->path(), ": the recorded state of ",
                                              AbslView(IdOf(key)),
                                              " is damaged; `shortlist state rebuild` mends it"));
  }
  projection_->Apply(entry, place->second);
  return absl::OkStatus();
}

absl::Status RecordedStates::Flush() {
  std::string bytes;
  for (const auto& [key, state] : states_) {
    if (!EncodeUserState(state, bytes))
      return absl::InvalidArgumentError(absl::StrCat(connection_->path(), ": the state of ",
                                                     AbslView(IdOf(key)),
                                                     " is too large or not UTF-8"));
    RETURN_IF_ERROR(write_.BindText(1, key));
    RETURN_IF_ERROR(write_.BindBlob(2, bytes));
    RETURN_IF_ERROR(write_.Run());
  }
  states_.clear();
  return absl::OkStatus();
}

}  // namespace shortlist
