// How long this machine, and not a program on it, stood still. On every core a thread of real-time
// priority asks to be woken every two milliseconds; no program of ordinary priority keeps it from
// running, so that what it is late by, when that is more than a millisecond, the kernel or a
// hypervisor took. Stalls of up to three milliseconds may go unseen, and longer ones may be two
// milliseconds longer than it says. The idea is that of Gil Tene's jHiccup.
//
//   StallMeter meter;
//   ...
//   const std::optional<Stalls> stalls = meter.Stop();
#pragma once

#include <atomic>
#include <latch>
#include <optional>
#include <thread>
#include <vector>

namespace shortlist {

struct Stalls {
  double total_ms = 0;  // Of all cores together.
  double longest_ms = 0;
};

class StallMeter {
 public:
  // Returns when every thread watches its core.
  StallMeter();
  ~StallMeter();
  StallMeter(const StallMeter&) = delete;
  StallMeter& operator=(const StallMeter&) = delete;

  // Since it was made. Nothing where the system allows no real-time priority: that takes root, or
  // CAP_SYS_NICE.
  std::optional<Stalls> Stop();

 private:
  struct Core;

  std::atomic<bool> stopping_ = false;
  std::vector<Core> cores_;
  std::latch ready_;
  std::vector<std::thread> threads_;
};

}  // namespace shortlist
