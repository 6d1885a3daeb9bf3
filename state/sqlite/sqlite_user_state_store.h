// User states in one SQLite file: one row per user, holding the serialized shortlist.v1.UserState
// and whether it is a seed, which came from a data set, or was recorded.
//
// Thread-safe. Readers take a connection of their own from a pool, so they wait neither for one
// another nor (in WAL mode) for a writer; writers wait for one another. Other processes may have
// the same file open. SQLite keeps NAME-wal and NAME-shm beside the file while it is open, so the
// folder must be writable even for reading.
//
//   ASSIGN_OR_RETURN(auto store, SqliteUserStateStore::OpenOrCreate("models/state.db"));
//   RETURN_IF_ERROR(store->ReplaceSeeds([&](UserState& state) { ... return true; }));
//   UserState state;
//   ASSIGN_OR_RETURN(const bool known, store->Read("42", state));
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "state/user_state_store.h"

namespace shortlist {

// PRAGMA application_id and user_version: what the file is, and the version of its schema. Version
// 1 told no seeds from recorded states: all that it held were seeds.
inline constexpr int kUserStateApplicationId = 0x534C5553;
inline constexpr int kUserStateSchemaVersion = 2;

class SqliteUserStateStore : public UserStateStore {
 public:
  // NOT_FOUND when there is no such file; FAILED_PRECONDITION when it holds something else or was
  // written by another version of the program. All errors name the file.
  static absl::StatusOr<std::unique_ptr<SqliteUserStateStore>> Open(
      const std::filesystem::path& path);
  // The same, but makes the file, with no users in it, when there is none.
  static absl::StatusOr<std::unique_ptr<SqliteUserStateStore>> OpenOrCreate(
      const std::filesystem::path& path);
  ~SqliteUserStateStore() override;

  // DATA_LOSS when the row is not a user state.
  absl::StatusOr<bool> Read(std::string_view user_id, UserState& state) const override;
  absl::Status WriteBatch(std::span<const UserState> states) override;

  // Of every user that the store knows, ascending.
  absl::StatusOr<std::vector<std::string>> UserIds() const;

  // Replaces the seeds, the states that a data set began with: forgets those that are there and
  // stores those that `next` yields, one at a time, until it returns false. A user with a recorded
  // state, one that WriteBatch wrote, keeps it. `next` gets an empty state to fill in. In one
  // transaction: readers see the users of before until it is done, and an error leaves them
  // untouched.
  absl::Status ReplaceSeeds(const std::function<bool(UserState&)>& next);

 private:
  class Connection;

  explicit SqliteUserStateStore(std::string path);
  absl::Status WriteInTransaction(const std::function<absl::Status(Connection&)>& write);
  // From the schema of version 1.
  absl::Status Migrate();
  absl::StatusOr<std::unique_ptr<Connection>> TakeReader() const;
  void ReturnReader(std::unique_ptr<Connection> reader) const;

  const std::string path_;
  std::mutex writer_mutex_;
  std::unique_ptr<Connection> writer_;  // Guarded by writer_mutex_.
  mutable std::mutex readers_mutex_;
  mutable std::vector<std::unique_ptr<Connection>> idle_readers_;  // Guarded by readers_mutex_.
};

}  // namespace shortlist
