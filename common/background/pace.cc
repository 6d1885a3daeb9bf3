#include "common/background/pace.h"

#include <ctime>

#include <algorithm>
#include <chrono>
#include <thread>

namespace shortlist {
namespace {

// At least so much at a time: long beside falling asleep, short beside what a request may take.
constexpr int64_t kWorkNs = 1'000'000;

thread_local Pace* pace_of_thread = nullptr;

int64_t ThreadNs() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * int64_t{1'000'000'000} + time.tv_nsec;
}

}  // namespace

Pace::Pace(double share, const std::atomic<int>& waiting)
    : rest_per_work_(1 / share - 1), waiting_(waiting), rested_ns_(ThreadNs()) {
  pace_of_thread = this;
}

Pace::~Pace() { pace_of_thread = nullptr; }

void Pace::Keep() {
  if (pace_of_thread != nullptr) pace_of_thread->RestIfDue();
}

void Pace::RestIfDue() {
  if (waiting_ > 0) return;
  const int64_t work_ns = ThreadNs() - rested_ns_;
  if (work_ns < kWorkNs) return;
  // In short rests, so that who waits is noticed also after a long stretch of work.
  constexpr int64_t kRestNs = 20'000'000;
  auto left = static_cast<int64_t>(static_cast<double>(work_ns) * rest_per_work_);
  for (; left > 0 && waiting_ == 0; left -= kRestNs)
    std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(left, kRestNs)));
  rested_ns_ = ThreadNs();
}

}  // namespace shortlist
