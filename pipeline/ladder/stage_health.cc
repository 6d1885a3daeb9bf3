#include "pipeline/ladder/stage_health.h"

#include <algorithm>

namespace shortlist {
namespace {

// The weight of the last answer in the moving average.
constexpr int64_t kWeightOfLast = 16;
constexpr int kFairMultiple = 4;

}  // namespace

bool IsOfAStage(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kUnimplemented:
      return true;
    default:
      return false;
  }
}

bool StageHealth::IsUp(absl::Time now) {
  if (failures_.load(std::memory_order_relaxed) < kMostFailures) return true;
  int64_t next = next_try_ns_.load(std::memory_order_relaxed);
  return absl::ToUnixNanos(now) >= next &&
         next_try_ns_.compare_exchange_strong(next, absl::ToUnixNanos(now + kTryInterval));
}

void StageHealth::OnAnswer(const absl::Status& status, absl::Duration allowed, absl::Duration took,
                           absl::Time now) {
  if (!IsOfAStage(status)) {
    // It has answered, if only that the request is wrong.
    failures_.store(0, std::memory_order_relaxed);
    if (!status.ok()) return;
    const int64_t last = absl::ToInt64Nanoseconds(took);
    const int64_t before = expected_ns_.load(std::memory_order_relaxed);
    expected_ns_.store(before == 0 ? last : before + (last - before) / kWeightOfLast,
                       std::memory_order_relaxed);
    return;
  }
  // One that refuses some calls to answer the others is not down.
  if (absl::IsResourceExhausted(status)) return;
  if (absl::IsDeadlineExceeded(status) &&
      allowed < std::max(kFairTime, kFairMultiple * ExpectedTime()))
    return;
  if (failures_.fetch_add(1, std::memory_order_relaxed) + 1 >= kMostFailures)
    next_try_ns_.store(absl::ToUnixNanos(now + kTryInterval), std::memory_order_relaxed);
}

}  // namespace shortlist
