#include "state/sqlite/sqlite_log.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

// Of a statement that selects positions and entries.
absl::Status Visit(const std::string& path, SqliteStatement& select,
                   const std::function<absl::Status(int64_t, const v1::LogEntry&)>& visit) {
  v1::LogEntry entry;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return absl::OkStatus();
    const int64_t position = select.Int(0);
    const std::string_view bytes = select.Bytes(1);
    if (!entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
      return absl::DataLossError(
          absl::StrCat(path, ": entry ", position, " of the event log is damaged"));
    RETURN_IF_ERROR(visit(position, entry));
  }
}

}  // namespace

absl::Status VisitLog(SqliteConnection& connection,
                      const std::function<absl::Status(int64_t, const v1::LogEntry&)>& visit) {
  return VisitLogAfter(connection, /*after=*/0, visit);
}

absl::Status VisitLogAfter(SqliteConnection& connection, int64_t after,
                           const std::function<absl::Status(int64_t, const v1::LogEntry&)>& visit) {
  ASSIGN_OR_RETURN(
      SqliteStatement select,
      connection.Prepare("SELECT position, entry FROM log WHERE position > ?1 ORDER BY position"));
  RETURN_IF_ERROR(select.BindInt(1, after));
  return Visit(connection.path(), select, visit);
}

absl::Status VisitItemChanges(
    SqliteConnection& connection, int64_t after,
    const std::function<absl::Status(int64_t, const v1::ItemChange&)>& visit) {
  ASSIGN_OR_RETURN(SqliteStatement select,
                   connection.Prepare("SELECT position, entry FROM item_change JOIN log USING "
                                      "(position) WHERE position > ?1 ORDER BY position"));
  RETURN_IF_ERROR(select.BindInt(1, after));
  return Visit(connection.path(), select, [&](int64_t position, const v1::LogEntry& entry) {
    return visit(position, entry.item());
  });
}

}  // namespace shortlist
