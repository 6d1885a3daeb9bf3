// Records what was answered in the event log, by a thread of its own: the request path leaves rows
// and scores in a queue, and the thread makes log entries of them and appends these many at a time.
// An answer is no reason for anybody to wait: where the store cannot follow, so that the queue is
// full, answers are left out, and how many were is counted and logged.
//
// Thread-safe. Destruction records what is waiting, unless the store refuses it.
//
//   ServedAnswerRecorder answers(log);
//   answers.Add({.request_id = id, .user_id = "7", .bundle = bundle, .items = {{row, score}},
//   ...});
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "features/user_state.h"
#include "model/bundle.h"
#include "state/event_log.h"

namespace shortlist {

// An answer and whose it is: of a user or of a session.
struct GivenAnswer {
  struct Item {
    ItemRow row;  // Of `bundle`.
    float score;
  };
  std::string request_id;
  std::string user_id, session_id;  // One of them is empty.
  int64_t time_ms = 0;              // Since the Unix epoch.
  RequestContext context;
  std::shared_ptr<const Bundle> bundle;
  std::vector<Item> items;  // First place first.
};

class ServedAnswerRecorder {
 public:
  struct Options {
    size_t most_waiting = 10'000;                        // Answers beyond that are left out.
    size_t batch_size = 500;                             // Answers of one append.
    absl::Duration gathering = absl::Milliseconds(100);  // For how long a batch may grow.
    absl::Duration retry_pause = absl::Seconds(1);
    absl::Duration log_pause = absl::Minutes(1);  // Between warnings.
    bool tells_waiting = false;                   // Whether Waiting does.
  };

  // `log` must outlive this.
  explicit ServedAnswerRecorder(EventLog& log) : ServedAnswerRecorder(log, Options()) {}
  ServedAnswerRecorder(EventLog& log, const Options& options);
  ~ServedAnswerRecorder();
  ServedAnswerRecorder(const ServedAnswerRecorder&) = delete;
  ServedAnswerRecorder& operator=(const ServedAnswerRecorder&) = delete;

  void Add(GivenAnswer answer);

  // What answers that wait to be recorded, or are just being so, show to the user or session of a
  // key (UserKey, SessionKey), oldest first. An answer is told of until the state has it: read the
  // state after this, and nothing is missed. Empty unless Options::tells_waiting.
  struct Showing {
    std::string item_id;
    int64_t time_ms;
  };
  std::vector<Showing> Waiting(std::string_view key) const;

  // Answers that were not recorded.
  uint64_t left_out() const;

 private:
  void Run();
  std::vector<GivenAnswer> NextBatch();
  void Write(const std::vector<GivenAnswer>& batch);
  // Of answers that wait no longer.
  void ForgetWaiting(const std::vector<GivenAnswer>& batch);
  void WarnOfLeftOut(bool at_once);
  // With the reason; false for one too soon after the last.
  bool Warn(const std::string& what, bool at_once);

  EventLog& log_;
  const Options options_;
  mutable std::mutex mutex_;  // Guards what follows.
  std::condition_variable changed_;
  std::deque<GivenAnswer> waiting_;
  // What those of waiting_ and of the batch that is being written show, by key, in their order.
  struct Shown {
    std::shared_ptr<const Bundle> bundle;
    int64_t time_ms;
    std::vector<ItemRow> rows;
  };
  absl::flat_hash_map<std::string, std::deque<Shown>> shown_;
  uint64_t left_out_ = 0;
  bool stopping_ = false;
  // Of the thread alone.
  std::vector<v1::LogEntry> entries_;  // Of the largest batch so far, to be filled in anew.
  uint64_t left_out_told_ = 0;
  absl::Status last_error_;  // Of the latest append.
  absl::Time last_warning_ = absl::InfinitePast();
  std::thread writer_;
};

}  // namespace shortlist
