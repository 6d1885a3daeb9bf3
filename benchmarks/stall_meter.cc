#include "benchmarks/stall_meter.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace shortlist {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kPeriod = std::chrono::milliseconds(2);
constexpr auto kStall = std::chrono::milliseconds(1);

bool RunAlone(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  const sched_param real_time{.sched_priority = sched_get_priority_min(SCHED_FIFO)};
  return pthread_setaffinity_np(pthread_self(), sizeof cores, &cores) == 0 &&
         pthread_setschedparam(pthread_self(), SCHED_FIFO, &real_time) == 0;
}

}  // namespace

struct StallMeter::Core {
  int number;
  bool measured = false;
  Stalls stalls{};

  // Those that this process may run on.
  static std::vector<Core> All() {
    cpu_set_t allowed;
    std::vector<Core> cores;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return cores;
    for (int number = 0; number < CPU_SETSIZE; ++number)
      if (CPU_ISSET(number, &allowed)) cores.push_back({.number = number});
    return cores;
  }
};

StallMeter::StallMeter() : cores_(Core::All()), ready_(static_cast<std::ptrdiff_t>(cores_.size())) {
  for (Core& core : cores_)
    threads_.emplace_back([this, &core] {
      core.measured = RunAlone(core.number);
      ready_.count_down();
      if (!core.measured) return;
      for (auto wake = Clock::now() + kPeriod; !stopping_; wake += kPeriod) {
        std::this_thread::sleep_until(wake);
        const auto now = Clock::now();
        if (now - wake <= kStall) continue;
        const double ms = std::chrono::duration<double, std::milli>(now - wake).count();
        core.stalls.total_ms += ms;
        core.stalls.longest_ms = std::max(core.stalls.longest_ms, ms);
        wake = now;
      }
    });
  ready_.wait();
}

StallMeter::~StallMeter() { Stop(); }

std::optional<Stalls> StallMeter::Stop() {
  stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  if (cores_.empty()) return std::nullopt;
  Stalls all;
  for (const Core& core : cores_) {
    if (!core.measured) return std::nullopt;
    all.total_ms += core.stalls.total_ms;
    all.longest_ms = std::max(all.longest_ms, core.stalls.longest_ms);
  }
  return all;
}

}  // namespace shortlist
