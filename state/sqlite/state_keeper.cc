#include "state/sqlite/state_keeper.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "state/sqlite/state_file.h"

namespace shortlist {
namespace {

// Of the journal, 16 MB: short enough to be written over again and again.
constexpr int64_t kCheckpointPages = 4'000;
// States and entries of a transaction, which holds up appends for as long.
constexpr size_t kStatesAtATime = 64;
constexpr size_t kEntriesAtATime = 500;
// How many folds may be due before appends wait.
constexpr size_t kMostFoldsBehind = 4;
// How often bounds are looked after, and what failed is tried again.
constexpr std::chrono::seconds kRetentionInterval(60);
constexpr std::chrono::seconds kRetryInterval(1);

}  // namespace

absl::StatusOr<std::unique_ptr<StateKeeper>> StateKeeper::Start(const std::string& path,
                                                                const StateProjection& projection,
                                                                LogTail& tail, StateWriter& writer,
                                                                std::mutex& writer_mutex,
                                                                FoldAt fold_at) {
  auto keeper = std::unique_ptr<StateKeeper>(new StateKeeper(tail, writer, writer_mutex, fold_at));
  ASSIGN_OR_RETURN(keeper->connection_,
                   SqliteConnection::Open(path, SqliteConnection::kWrite, kWriterTimeoutMs));
  RETURN_IF_ERROR(keeper->connection_->Execute("PRAGMA synchronous = NORMAL"));
  RETURN_IF_ERROR(keeper->connection_->Execute("PRAGMA wal_autocheckpoint = 0"));
  ASSIGN_OR_RETURN(keeper->recorded_,
                   RecordedStates::Prepare(*keeper->connection_, projection, "recorded"));
  ASSIGN_OR_RETURN(keeper->select_folded_,
                   keeper->connection_->Prepare("SELECT folded FROM progress"));
  keeper->connection_->CountJournalPages(keeper->journal_pages_);
  keeper->thread_ = std::thread([self = keeper.get()] { self->Run(); });
  return keeper;
}

StateKeeper::~StateKeeper() {
  {
    std::lock_guard lock(mutex_);
    stops_ = true;
  }
  due_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool StateKeeper::IsFoldDue() const {
  return tail_.size() >= fold_at_.entries || tail_.bytes() >= fold_at_.bytes;
}

// A reader may keep the journal from being begun anew, which is not tried for every append.
bool StateKeeper::IsCheckpointDue() {
  const int64_t pages = journal_pages_;
  if (pages < tried_at_pages_) tried_at_pages_ = 0;
  return pages - tried_at_pages_ >= kCheckpointPages;
}

absl::Status StateKeeper::WaitForRoom() {
  const auto is_behind = [&] { return tail_.size() >= kMostFoldsBehind * fold_at_.entries; };
  if (!is_behind()) return absl::OkStatus();
  std::unique_lock lock(mutex_);
  // Each time, as the tail may have grown by what others append.
  while (last_fold_.ok() && is_behind()) {
    is_due_ = true;
    due_.notify_all();
    done_.wait(lock);
  }
  return last_fold_;
}

void StateKeeper::Notice() {
  if (!IsFoldDue() && !IsCheckpointDue()) return;
  {
    std::lock_guard lock(mutex_);
    if (is_due_) return;
    is_due_ = true;
  }
  due_.notify_all();
}

void StateKeeper::SetRetention(const LogRetention& retention) {
  {
    std::lock_guard lock(mutex_);
    retention_ = retention;
    is_due_ = true;
  }
  due_.notify_all();
}

void StateKeeper::Run() {
  while (!stops_) {
    {
      std::unique_lock lock(mutex_);
      const auto has_work = [&] { return is_due_ || stops_; };
      if (retention_.has_value()) {
        due_.wait_for(lock, kRetentionInterval, has_work);
      } else {
        due_.wait(lock, has_work);
      }
      is_due_ = false;
    }
    if (!stops_) DoWhatIsDue();
  }
}

void StateKeeper::DoWhatIsDue() {
  if (IsCheckpointDue()) Checkpoint();
  std::optional<LogRetention> retention;
  {
    std::lock_guard lock(mutex_);
    retention = retention_;
  }
  absl::Status status;
  if (IsFoldDue() || retention.has_value()) status = Fold();
  if (status.ok() && retention.has_value()) status = RemoveOldest(*retention);
  if (!status.ok()) LogWarning(absl::StrCat("keeping the event log: ", status.message()));
  std::unique_lock lock(mutex_);
  last_fold_ = status;
  done_.notify_all();
  if (status.ok()) return;
  due_.wait_for(lock, kRetryInterval, [&] { return stops_.load(); });
  is_due_ = true;
}

absl::Status StateKeeper::Fold() {
  for (const std::shared_ptr<const TailSegment>& segment : tail_.Seal()) {
    RETURN_IF_ERROR(FoldSegment(*segment));
    if (stops_) return absl::OkStatus();
    RETURN_IF_ERROR(Write([&](StateWriter& writer) { return writer.FinishFold(*segment); }));
    std::lock_guard lock(mutex_);
    done_.notify_all();
  }
  return absl::OkStatus();
}

absl::Status StateKeeper::FoldSegment(const TailSegment& segment) {
  const std::vector<std::string> keys = segment.Keys();
  std::vector<RecordedStates::Folded> folded;
  for (size_t begin = 0; begin < keys.size() && !stops_; begin += kStatesAtATime) {
    // Most of the work, while others append.
    folded.clear();
    for (size_t i = begin; i < std::min(begin + kStatesAtATime, keys.size()); ++i) {
      ASSIGN_OR_RETURN(std::optional<RecordedStates::Folded> state,
                       recorded_->Fold(keys[i], segment));
      if (state.has_value()) folded.push_back(*std::move(state));
    }
    bool is_folded = false;
    {
      std::lock_guard lock(writer_mutex_);
      RETURN_IF_ERROR(connection_->InTransaction([&]() -> absl::Status {
        // All at once by another process, which may have removed somebody since.
        ASSIGN_OR_RETURN(const bool found, select_folded_.Step());
        is_folded = found && select_folded_.Int(0) >= segment.last();
        select_folded_.Reset();
        if (is_folded) return absl::OkStatus();
        for (const RecordedStates::Folded& state : folded)
          RETURN_IF_ERROR(recorded_->Write(state, segment));
        return absl::OkStatus();
      }));
    }
    if (is_folded) return absl::OkStatus();
    if (IsCheckpointDue()) Checkpoint();
  }
  return absl::OkStatus();
}

// First while others append, then what they have appended meanwhile: so that the next append may
// write the journal from its beginning. Where it cannot be done it is tried again.
void StateKeeper::Checkpoint() {
  constexpr char kCheckpoint[] = "PRAGMA wal_checkpoint(PASSIVE)";
  tried_at_pages_ = journal_pages_.load();
  (void)connection_->QueryInt(kCheckpoint);
  std::lock_guard lock(writer_mutex_);
  (void)connection_->QueryInt(kCheckpoint);
}

absl::Status StateKeeper::RemoveOldest(const LogRetention& retention) {
  const int64_t oldest_ms = absl::ToUnixMillis(absl::Now() - retention.max_age);
  size_t removed = 1;
  while (removed > 0 && !stops_) {
    RETURN_IF_ERROR(Write([&](StateWriter& writer) -> absl::Status {
      ASSIGN_OR_RETURN(removed,
                       writer.RemoveOldest(kEntriesAtATime, [&](int64_t time_ms, int64_t bytes) {
                         return time_ms < oldest_ms || bytes > retention.max_bytes;
                       }));
      return absl::OkStatus();
    }));
    if (IsCheckpointDue()) Checkpoint();
  }
  return absl::OkStatus();
}

absl::Status StateKeeper::Write(const std::function<absl::Status(StateWriter&)>& write) {
  std::lock_guard lock(writer_mutex_);
  return writer_.InTransaction(write);
}

}  // namespace shortlist
