// The state store in one SQLite file: the log, a row per user for the seed and one for the recorded
// part, the ids of events, and the changes of items. An append writes the log alone, at its end;
// what it comes to is read from memory (log_tail.h) until many appends are folded into the tables
// at once (state_keeper.h).
//
// Readers take a connection of their own from a pool, so they wait neither for one another nor for
// a writer; writers wait for one another, and appends that come in meanwhile share a commit. Other
// processes may have the same file open. SQLite keeps NAME-wal and NAME-shm beside the file while
// it is open. Where they cannot be written the store is read-only: writes are FAILED_PRECONDITION.
//
//   ASSIGN_OR_RETURN(auto store, SqliteStateStore::OpenOrCreate("models/state.db", projection));
//   ASSIGN_OR_RETURN(const AppendResult result, store->Append(entries));
//   UserState state;
//   ASSIGN_OR_RETURN(const bool known, store->Read(UserKey("42"), state));
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "state/sqlite/append_queue.h"
#include "state/sqlite/log_tail.h"
#include "state/sqlite/sqlite_connection.h"
#include "state/sqlite/state_keeper.h"
#include "state/sqlite/state_reader.h"
#include "state/sqlite/state_writer.h"
#include "state/state_projection.h"
#include "state/state_store.h"

namespace shortlist {

class SqliteStateStore : public StateStore {
 public:
  // NOT_FOUND when there is no such file; FAILED_PRECONDITION when it holds something else or was
  // written by another version of the program. All errors name the file.
  static absl::StatusOr<std::unique_ptr<SqliteStateStore>> Open(const std::string& path,
                                                                StateProjection projection,
                                                                FoldAt fold_at = {});
  // The same, but makes the file, with no users in it, when there is none, and refuses one that
  // cannot be written.
  static absl::StatusOr<std::unique_ptr<SqliteStateStore>> OpenOrCreate(const std::string& path,
                                                                        StateProjection projection,
                                                                        FoldAt fold_at = {});
  ~SqliteStateStore() override;

  // DATA_LOSS when a part is not a user state.
  using UserStateStore::Read;
  absl::StatusOr<bool> Read(std::string_view key, absl::Time deadline,
                            UserState& state) const override;
  absl::StatusOr<AppendResult> Append(std::span<const v1::LogEntry> entries) override;
  absl::Status ReadAll(
      const std::function<absl::Status(const v1::LogEntry&)>& visit) const override;
  absl::Status VisitLog(
      int64_t after,
      const std::function<absl::Status(int64_t, const v1::LogEntry&)>& visit) const override;
  absl::StatusOr<std::vector<std::string>> UserIds() const override;
  absl::Status VisitItemChanges(
      int64_t after,
      const std::function<absl::Status(int64_t, const v1::ItemChange&)>& visit) const override;
  absl::Status SetRetention(const LogRetention& retention) override;
  absl::Status ReplaceSeeds(const std::function<bool(UserState&)>& next) override;
  absl::Status Rebuild() override;
  // Rewrites the file, which takes as long as copying it and as much disk again; meanwhile it is
  // read as ever and writes wait. UNAVAILABLE when somebody reads for so long that what was deleted
  // cannot be cleared from the file: the user is forgotten, but forget them again.
  absl::Status Forget(std::string_view user_id) override;
  absl::Status RemoveTombstones(absl::Time until) override;

 private:
  SqliteStateStore(std::string path, StateProjection projection);
  absl::Status Write(const std::function<absl::Status(StateWriter&)>& write);
  absl::StatusOr<std::vector<AppendResult>> AppendAll(std::span<const AppendQueue::Batch> batches);
  absl::StatusOr<std::unique_ptr<StateReader>> TakeReader() const;
  void ReturnReader(std::unique_ptr<StateReader> reader) const;

  const std::string path_;
  const StateProjection projection_;
  mutable LogTail tail_;
  SqliteConnection::Mode reading_ = SqliteConnection::kRead;
  std::mutex writer_mutex_;
  std::unique_ptr<StateWriter>
      writer_;  // What it has is guarded by writer_mutex_; null: read-only.
  std::unique_ptr<StateKeeper> keeper_;  // Null: read-only.
  AppendQueue queue_;
  // Asked again and again; guarded by its mutex, null when it is not open.
  mutable std::mutex changes_reader_mutex_;
  mutable std::unique_ptr<SqliteConnection> changes_reader_;
  mutable std::mutex readers_mutex_;
  mutable std::vector<std::unique_ptr<StateReader>> idle_readers_;  // Guarded by readers_mutex_.
};

}  // namespace shortlist
