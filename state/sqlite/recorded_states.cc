#include "state/sqlite/recorded_states.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "state/user_state_codec.h"

namespace shortlist {

absl::StatusOr<RecordedStates> RecordedStates::Prepare(SqliteConnection& connection,
                                                       const StateProjection& projection,
                                                       const std::string& table) {
  RecordedStates states;
  states.connection_ = &connection;
  states.projection_ = &projection;
  const auto prepare = [&](std::string_view before, std::string_view after) {
    return connection.Prepare(absl::StrCat(AbslView(before), table, AbslView(after)).c_str());
  };
  ASSIGN_OR_RETURN(states.select_, prepare("SELECT position, state FROM ", " WHERE key = ?1"));
  ASSIGN_OR_RETURN(states.insert_, prepare("INSERT INTO ",
                                           " (key, position, state) VALUES (?1, ?2, ?3) "
                                           "ON CONFLICT (key) DO NOTHING"));
  ASSIGN_OR_RETURN(states.update_, prepare("UPDATE ",
                                           " SET position = ?2, state = ?3 "
                                           "WHERE key = ?1 AND position = ?4"));
  return states;
}

absl::StatusOr<std::optional<RecordedStates::Folded>> RecordedStates::Fold(
    const std::string& key, const TailSegment& segment) {
  Folded folded;
  folded.key = key;
  UserState state;
  RETURN_IF_ERROR(select_.BindText(1, key));
  ASSIGN_OR_RETURN(const bool found, select_.Step());
  if (found) {
    folded.before = select_.Int(0);
    const bool is_state = DecodeUserState(select_.Bytes(1), state);
    select_.Reset();
    if (!is_state) {
      LogWarning(absl::StrCat(connection_->path(), ": the state of ", AbslView(IdOf(key)),
                              " is damaged; `shortlist state rebuild` mends it"));
      return std::nullopt;
    }
  }
  std::vector<TailSegment::Change> changes;
  segment.AddChangesOf(key, folded.before.value_or(0), changes);
  if (changes.empty()) return std::nullopt;
  v1::LogEntry entry;
  for (const TailSegment::Change& change : changes) {
    if (entry.ParseFromArray(change.bytes.data(), static_cast<int>(change.bytes.size())))
      projection_->Apply(entry, state);
  }
  folded.position = segment.last();
  if (!EncodeUserState(state, folded.state))
    return absl::InvalidArgumentError(absl::StrCat(
        connection_->path(), ": the state of ", AbslView(IdOf(key)), " is too large or not UTF-8"));
  return folded;
}

absl::Status RecordedStates::Write(const Folded& folded, const TailSegment& segment) {
  SqliteStatement& write = folded.before.has_value() ? update_ : insert_;
  RETURN_IF_ERROR(write.BindText(1, folded.key));
  RETURN_IF_ERROR(write.BindInt(2, folded.position));
  RETURN_IF_ERROR(write.BindBlob(3, folded.state));
  if (folded.before.has_value()) RETURN_IF_ERROR(write.BindInt(4, *folded.before));
  RETURN_IF_ERROR(write.Run());
  if (connection_->changes() != 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<Folded> again, Fold(folded.key, segment));
  return again.has_value() ? Write(*again, segment) : absl::OkStatus();
}

absl::Status RecordedStates::FoldAndWriteAll(const TailSegment& segment) {
  for (const std::string& key : segment.Keys()) {
    ASSIGN_OR_RETURN(const std::optional<Folded> folded, Fold(key, segment));
    if (folded.has_value()) RETURN_IF_ERROR(Write(*folded, segment));
  }
  return absl::OkStatus();
}

}  // namespace shortlist
