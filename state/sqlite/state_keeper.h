// Does, on a thread of its own, what appends leave to be done: folds the tail of the log into the
// tables when it is long, brings the journal into the file, and takes out of the log what is beyond
// its bounds. In small transactions, between which appends go on. What a fold writes is not synced:
// after a loss of power it is done again, from the log.
//
// Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "state/event_log.h"
#include "state/sqlite/log_tail.h"
#include "state/sqlite/recorded_states.h"
#include "state/sqlite/sqlite_connection.h"
#include "state/sqlite/state_writer.h"
#include "state/state_projection.h"

namespace shortlist {

// When the tail is folded. Each process that has the file open holds so much of it in memory, and
// reads it when it opens the file.
struct FoldAt {
  size_t entries = 250'000;
  size_t bytes = size_t{64} << 20;  // Of entries that change states.
};

class StateKeeper {
 public:
  // Everything must outlive it; `writer` is guarded by `writer_mutex`.
  static absl::StatusOr<std::unique_ptr<StateKeeper>> Start(const std::string& path,
                                                            const StateProjection& projection,
                                                            LogTail& tail, StateWriter& writer,
                                                            std::mutex& writer_mutex,
                                                            FoldAt fold_at);
  ~StateKeeper();
  StateKeeper(const StateKeeper&) = delete;
  StateKeeper& operator=(const StateKeeper&) = delete;

  // Before an append: waits while folding is far behind. With the error that keeps it from going
  // on.
  absl::Status WaitForRoom();
  // After an append: has done what is due.
  void Notice();
  // From now on.
  void SetRetention(const LogRetention& retention);

 private:
  StateKeeper(LogTail& tail, StateWriter& writer, std::mutex& writer_mutex, FoldAt fold_at)
      : tail_(tail),
        writer_(writer),
        writer_mutex_(writer_mutex),
        journal_pages_(writer.journal_pages()),
        fold_at_(fold_at) {}
  bool IsFoldDue() const;
  bool IsCheckpointDue();
  void Run();
  void DoWhatIsDue();
  absl::Status Fold();
  absl::Status FoldSegment(const TailSegment& segment);
  void Checkpoint();
  absl::Status RemoveOldest(const LogRetention& retention);
  absl::Status Write(const std::function<absl::Status(StateWriter&)>& write);

  LogTail& tail_;
  StateWriter& writer_;
  std::mutex& writer_mutex_;
  std::atomic<int64_t>& journal_pages_;
  std::atomic<int64_t> tried_at_pages_ = 0;
  const FoldAt fold_at_;
  std::unique_ptr<SqliteConnection> connection_;
  std::optional<RecordedStates> recorded_;
  SqliteStatement select_folded_;
  std::mutex mutex_;
  std::condition_variable due_, done_;
  // Guarded by mutex_.
  bool is_due_ = false;
  absl::Status last_fold_;
  std::optional<LogRetention> retention_;
  std::atomic<bool> stops_ = false;
  std::thread thread_;
};

}  // namespace shortlist
