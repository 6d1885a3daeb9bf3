#include "state/sqlite/sqlite_log.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "state/sqlite/log_block.h"

namespace shortlist {
namespace {

absl::Status Damaged(const SqliteConnection& connection, int64_t position) {
  return absl::DataLossError(
      absl::StrCat(connection.path(), ": entry ", position, " of the event log is damaged"));
}

}  // namespace

absl::Status VisitLog(SqliteConnection& connection,
                      const std::function<absl::Status(int64_t, const v1::LogEntry&)>& visit) {
  return VisitLogAfter(connection, /*after=*/0, visit);
}

absl::Status VisitLogAfter(SqliteConnection& connection, int64_t after,
                           const std::function<absl::Status(int64_t, const v1::LogEntry&)>& visit) {
  // From the block that the position is in.
  ASSIGN_OR_RETURN(SqliteStatement select,
                   connection.Prepare("SELECT position, entries FROM log WHERE position >= "
                                      "coalesce((SELECT max(position) FROM log WHERE position <= "
                                      "?1), 0) ORDER BY position"));
  RETURN_IF_ERROR(select.BindInt(1, after));
  v1::LogEntry entry;
  std::vector<std::string_view> parts;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return absl::OkStatus();
    int64_t position = select.Int(0);
    if (!SplitBlock(select.Bytes(1), parts)) return Damaged(connection, position);
    for (const std::string_view part : parts) {
      if (!entry.ParseFromArray(part.data(), static_cast<int>(part.size())))
        return Damaged(connection, position);
      if (!part.empty() && position > after) RETURN_IF_ERROR(visit(position, entry));
      ++position;
    }
  }
}

absl::Status RemoveFromLog(SqliteConnection& connection,
                           const std::function<bool(const v1::LogEntry&)>& is_to_go) {
  ASSIGN_OR_RETURN(SqliteStatement select,
                   connection.Prepare("SELECT position, entries FROM log ORDER BY position"));
  ASSIGN_OR_RETURN(SqliteStatement update,
                   connection.Prepare("UPDATE log SET entries = ?2 WHERE position = ?1"));
  v1::LogEntry entry;
  std::vector<std::string_view> parts;
  std::string block;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return absl::OkStatus();
    const int64_t first = select.Int(0);
    if (!SplitBlock(select.Bytes(1), parts)) return Damaged(connection, first);
    bool is_changed = false;
    block.clear();
    for (size_t i = 0; i < parts.size(); ++i) {
      if (!entry.ParseFromArray(parts[i].data(), static_cast<int>(parts[i].size())))
        return Damaged(connection, first + static_cast<int64_t>(i));
      if (!parts[i].empty() && is_to_go(entry)) {
        entry.Clear();
        is_changed = true;
      }
      AddToBlock(entry, block);
    }
    if (!is_changed) continue;
    RETURN_IF_ERROR(update.BindInt(1, first));
    RETURN_IF_ERROR(update.BindBlob(2, block));
    RETURN_IF_ERROR(update.Run());
  }
}

absl::Status VisitItemChanges(
    SqliteConnection& connection, int64_t after,
    const std::function<absl::Status(int64_t, const v1::ItemChange&)>& visit) {
  ASSIGN_OR_RETURN(SqliteStatement select,
                   connection.Prepare("SELECT position, change FROM item_change "
                                      "WHERE position > ?1 ORDER BY position"));
  RETURN_IF_ERROR(select.BindInt(1, after));
  v1::ItemChange change;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return absl::OkStatus();
    const std::string_view bytes = select.Bytes(1);
    if (!change.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
      return Damaged(connection, select.Int(0));
    RETURN_IF_ERROR(visit(select.Int(0), change));
  }
}

}  // namespace shortlist
