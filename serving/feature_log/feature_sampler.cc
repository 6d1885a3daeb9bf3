#include "serving/feature_log/feature_sampler.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "serving/feature_log/logged_features.h"
#include "serving/requests/stage_messages.h"

namespace shortlist {
namespace {

// Beyond that, requests are left out.
constexpr size_t kMostWaiting = 16;

}  // namespace

FeatureSampler::FeatureSampler(std::unique_ptr<FeatureLog> log, int interval)
    : log_(std::move(log)),
      interval_(static_cast<uint64_t>(interval)),
      writer_([this] { Run(); }) {}

FeatureSampler::~FeatureSampler() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  writer_.join();
}

void FeatureSampler::OnRank(const BoundQuery& query, std::span<const Candidate> candidates) {
  if (requests_.fetch_add(1, std::memory_order_relaxed) % interval_ != 0) return;
  Sample sample{.entry = {}, .bundle = query.shared_bundle()};
  ToMessage(query, candidates, *sample.entry.mutable_request());
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() == kMostWaiting) {
      ++left_out_;
      return;
    }
    waiting_.push_back(std::move(sample));
  }
  changed_.notify_one();
}

void FeatureSampler::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    Sample sample = std::move(waiting_.front());
    waiting_.pop_front();
    const uint64_t left_out = waiting_.empty() ? std::exchange(left_out_, 0) : 0;
    lock.unlock();
    if (left_out > 0)
      LogWarning(
          absl::StrCat(log_->path(), ": ", left_out, " requests came too fast to be logged"));
    Write(std::move(sample));
    lock.lock();
  }
}

void FeatureSampler::Write(Sample sample) {
  v1::FeatureLogEntry& entry = sample.entry;
  if (!CanBeReplayed(*sample.bundle, entry)) return;
  ComputeLoggedFeatures(*sample.bundle, entry);
  v1::UserState& user = *entry.mutable_request()->mutable_user();
  if (!user.user_id().empty()) {
    entry.set_history_length(static_cast<uint32_t>(user.history_size()));
    user.clear_history();
    user.clear_attributes();
  }
  if (const absl::Status status = log_->Add(entry); !status.ok())
    LogError(absl::StrCat("an entry of the feature log is lost: ", status.message()));
}

}  // namespace shortlist
