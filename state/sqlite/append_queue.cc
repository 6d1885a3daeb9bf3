#include "state/sqlite/append_queue.h"

namespace shortlist {
namespace {

// Rather than of the store: nobody should fail for another's batch.
bool IsOfOneBatch(const absl::Status& status) {
  return status.code() == absl::StatusCode::kInvalidArgument ||
         status.code() == absl::StatusCode::kDataLoss;
}

}  // namespace

absl::StatusOr<AppendResult> AppendQueue::Append(Batch batch) {
  Waiting own{.batch = batch};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&own);
  changed_.wait(lock, [&] { return own.is_done || !is_committing_; });
  if (own.is_done) return own.result;
  is_committing_ = true;
  std::vector<Waiting*> group;
  group.swap(waiting_);
  lock.unlock();
  CommitAll(group);
  lock.lock();
  is_committing_ = false;
  for (Waiting* waiting : group) waiting->is_done = true;
  changed_.notify_all();
  return own.result;
}

size_t AppendQueue::waiting() const {
  std::lock_guard lock(mutex_);
  return waiting_.size();
}

void AppendQueue::CommitAll(std::span<Waiting* const> group) const {
  std::vector<Batch> batches;
  for (const Waiting* waiting : group) batches.push_back(waiting->batch);
  if (absl::StatusOr<std::vector<AppendResult>> results = commit_(batches); results.ok()) {
    for (size_t i = 0; i < group.size(); ++i) group[i]->result = (*results)[i];
  } else if (group.size() > 1 && IsOfOneBatch(results.status())) {
    for (Waiting* const& waiting : group) CommitAll({&waiting, 1});
  } else {
    for (Waiting* waiting : group) waiting->result = results.status();
  }
}

}  // namespace shortlist
