// What a thread does with its time: to test work that rests (common/background/pace.h).
#pragma once

#include <cstdint>
#include <ctime>

namespace shortlist {

// Returns when this thread has had a core for some milliseconds more, which is longer than work at
// a pace goes on without a rest.
inline void WorkAWhile() {
  const auto worked_ns = [] {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * int64_t{1'000'000'000} + time.tv_nsec;
  };
  for (const int64_t begin_ns = worked_ns(); worked_ns() < begin_ns + 5'000'000;) {
  }
}

}  // namespace shortlist
