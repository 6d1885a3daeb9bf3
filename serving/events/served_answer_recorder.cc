#include "serving/events/served_answer_recorder.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/background/low_priority.h"
#include "common/log.h"
#include "common/text/strings.h"
#include "serving/requests/user_messages.h"
#include "state/state_projection.h"

namespace shortlist {
namespace {

// Requests come first. With more it would not keep up when they take all that there is.
constexpr int kNiceness = 5;

// In the place of what the entry was before, whose memory it takes over.
void ToLogEntry(const GivenAnswer& answer, v1::LogEntry& entry) {
  v1::ServedAnswer& message = *entry.mutable_answer();
  message.Clear();
  message.set_request_id(answer.request_id);
  if (answer.session_id.empty())
    message.set_user_id(answer.user_id);
  else
    message.set_session_id(answer.session_id);
  message.set_time_ms(answer.time_ms);
  message.set_bundle_id(answer.bundle->id);
  ToMessage(answer.context, *message.mutable_context());
  for (const GivenAnswer::Item& item : answer.items) {
    v1::ServedAnswer::Item& out = *message.add_items();
    const std::string_view id = answer.bundle->catalog.id(item.row);
    out.set_item_id(id.data(), id.size());
    out.set_score(item.score);
    out.set_propensity(1);
  }
}

std::string KeyOf(const GivenAnswer& answer) {
  return answer.session_id.empty() ? UserKey(answer.user_id) : SessionKey(answer.session_id);
}

// Whether the store may take later what it does not take now.
bool MayPass(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
}

}  // namespace

ServedAnswerRecorder::ServedAnswerRecorder(EventLog& log, const Options& options)
    : log_(log), options_(options), writer_([this] { Run(); }) {}

ServedAnswerRecorder::~ServedAnswerRecorder() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  writer_.join();
}

void ServedAnswerRecorder::Add(GivenAnswer answer) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= options_.most_waiting) {
      ++left_out_;
      return;
    }
    if (options_.tells_waiting) {
      Shown& shown = shown_[KeyOf(answer)].emplace_back(
          Shown{.bundle = answer.bundle, .time_ms = answer.time_ms, .rows = {}});
      for (const GivenAnswer::Item& item : answer.items) shown.rows.push_back(item.row);
    }
    waiting_.push_back(std::move(answer));
    // The thread wakes for the first answer of a batch and for the last.
    if (waiting_.size() != 1 && waiting_.size() != options_.batch_size) return;
  }
  changed_.notify_one();
}

std::vector<ServedAnswerRecorder::Showing> ServedAnswerRecorder::Waiting(
    std::string_view key) const {
  std::vector<Showing> showings;
  const std::lock_guard lock(mutex_);
  const auto found = shown_.find(AbslView(key));
  if (found == shown_.end()) return showings;
  for (const Shown& shown : found->second)
    for (const ItemRow row : shown.rows)
      showings.push_back({std::string(shown.bundle->catalog.id(row)), shown.time_ms});
  return showings;
}

void ServedAnswerRecorder::ForgetWaiting(const std::vector<GivenAnswer>& batch) {
  if (!options_.tells_waiting) return;
  const std::lock_guard lock(mutex_);
  for (const GivenAnswer& answer : batch) {
    const auto found = shown_.find(KeyOf(answer));
    found->second.pop_front();
    if (found->second.empty()) shown_.erase(found);
  }
}

uint64_t ServedAnswerRecorder::left_out() const {
  const std::lock_guard lock(mutex_);
  return left_out_;
}

void ServedAnswerRecorder::Run() {
  LowerPriority(kNiceness);
  while (true) {
    const std::vector<GivenAnswer> batch = NextBatch();
    if (batch.empty()) break;
    Write(batch);
    ForgetWaiting(batch);
    WarnOfLeftOut(/*at_once=*/false);
  }
  WarnOfLeftOut(/*at_once=*/true);
}

// Empty once nothing is waiting and nothing is to come.
std::vector<GivenAnswer> ServedAnswerRecorder::NextBatch() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
  changed_.wait_for(lock, absl::ToChronoNanoseconds(options_.gathering),
                    [&] { return stopping_ || waiting_.size() >= options_.batch_size; });
  const auto end = waiting_.begin() +
                   static_cast<std::ptrdiff_t>(std::min(waiting_.size(), options_.batch_size));
  std::vector<GivenAnswer> batch(std::make_move_iterator(waiting_.begin()),
                                 std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return batch;
}

void ServedAnswerRecorder::Write(const std::vector<GivenAnswer>& batch) {
  if (entries_.size() < batch.size()) entries_.resize(batch.size());
  for (size_t i = 0; i < batch.size(); ++i) ToLogEntry(batch[i], entries_[i]);
  while (true) {
    last_error_ = log_.Append(std::span(entries_).first(batch.size())).status();
    if (last_error_.ok()) return;
    std::unique_lock lock(mutex_);
    if (!stopping_ && MayPass(last_error_)) {
      lock.unlock();
      Warn("answers wait to be recorded", /*at_once=*/false);
      lock.lock();
      changed_.wait_for(lock, absl::ToChronoNanoseconds(options_.retry_pause),
                        [&] { return stopping_; });
      continue;
    }
    left_out_ += batch.size();
    if (stopping_) left_out_ += std::exchange(waiting_, {}).size();
    return;
  }
}

void ServedAnswerRecorder::WarnOfLeftOut(bool at_once) {
  const uint64_t left_out = this->left_out();
  if (left_out == left_out_told_) return;
  if (Warn(absl::StrCat(left_out - left_out_told_, " answers were not recorded"), at_once))
    left_out_told_ = left_out;
}

bool ServedAnswerRecorder::Warn(const std::string& what, bool at_once) {
  const absl::Time now = absl::Now();
  if (!at_once && now < last_warning_ + options_.log_pause) return false;
  LogWarning(absl::StrCat(
      what, ": ",
      last_error_.ok() ? "they come faster than the store takes them" : last_error_.message()));
  last_warning_ = now;
  return true;
}

}  // namespace shortlist
