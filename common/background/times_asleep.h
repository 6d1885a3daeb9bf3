// How often a thread has given up its core to wait: for work, for a lock, for a disk.
#pragma once

#include <sys/resource.h>

#include <cstdint>

namespace shortlist {

// Of the calling thread, since it began. Takes some hundred nanoseconds.
inline int64_t TimesAsleep() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nvcsw;
}

}  // namespace shortlist
