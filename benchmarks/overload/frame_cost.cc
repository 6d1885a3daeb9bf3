#include "benchmarks/overload/frame_cost.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
#include "benchmarks/thread_clock.h"
#include "serving/admission/admission_step.h"
#include "serving/admission/rate_limit_step.h"
#include "serving/rpc/deadline_step.h"
#include "serving/rpc/fault_log_step.h"
#include "serving/rpc/in_flight_step.h"

namespace shortlist {

double FrameCost(size_t calls) {
  const Clock clock = absl::Now;
  const RequestWorkers workers(1);
  Refusals refusals("calls");
  const InFlightStep in_flight;
  const DeadlineStep deadline(clock, absl::Seconds(5), absl::Milliseconds(50));
  const RateLimitStep rate_limit(clock, {.per_second = 1e9, .burst = 1e9}, refusals);
  const AdmissionStep admission(workers, clock, {.max_wait = absl::Milliseconds(20)}, refusals);
  const FaultLogStep fault_log;
  const std::vector<const CallStep*> steps = {&in_flight, &deadline, &rate_limit, &admission,
                                              &fault_log};
  std::string peer = "ipv4:127.0.0.1:50000";
  absl::Status status;
  const double begin = ThreadMicros();
  for (size_t i = 0; i < calls; ++i) {
    Call call{.arrival = clock(),
              .is_cancelled = [] { return false; },
              .peer = [&peer] { return peer; },
              .metadata = [](std::string_view /*key*/) { return std::string(); }};
    for (const CallStep* step : steps) status.Update(step->OnArrival(call));
    for (const CallStep* step : steps) status.Update(step->OnBegin(call));
    for (const CallStep* step : steps) step->OnEnd(call, status);
  }
  return (ThreadMicros() - begin) * 1000 / static_cast<double>(calls);
}

}  // namespace shortlist
