// Has callers that append at the same time share a commit, each of which waits for the disk: while
// one batch is being committed, those that come in queue up and are committed together.
//
// Thread-safe.
//
//   AppendQueue queue([&](std::span<const AppendQueue::Batch> batches) { ... });
//   queue.Append(entries);
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "shortlist/v1/events.pb.h"
#include "state/event_log.h"

namespace shortlist {

class AppendQueue {
 public:
  using Batch = std::span<const v1::LogEntry>;
  // Commits all batches or, on an error, none; a result for each. Called from one thread at a time.
  using Commit = std::function<absl::StatusOr<std::vector<AppendResult>>(std::span<const Batch>)>;

  explicit AppendQueue(Commit commit) : commit_(std::move(commit)) {}

  // Returns when the batch is committed, or with the error that kept it from being so.
  absl::StatusOr<AppendResult> Append(Batch batch);

  // Batches that wait for a commit of their own.
  size_t waiting() const;

 private:
  struct Waiting {
    Batch batch;
    absl::StatusOr<AppendResult> result = AppendResult{};
    bool is_done = false;
  };

  void CommitAll(std::span<Waiting* const> group) const;

  const Commit commit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting*> waiting_;  // Guarded by mutex_.
  bool is_committing_ = false;     // Guarded by mutex_.
};

}  // namespace shortlist
