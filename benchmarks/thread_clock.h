// The processor time that a thread has used, which other work on the machine does not add to.
#pragma once

#include <time.h>

namespace shortlist {

// Microseconds of the calling thread since it began.
inline double ThreadMicros() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e6 * static_cast<double>(now.tv_sec) + 1e-3 * static_cast<double>(now.tv_nsec);
}

}  // namespace shortlist
