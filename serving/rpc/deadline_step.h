// Fixes until when a call is worked on, and refuses one that has waited for its turn beyond that.
#pragma once

#include "common/clock.h"
#include "serving/rpc/call_step.h"

namespace shortlist {

class DeadlineStep : public CallStep {
 public:
  // No call may take longer than `timeout`, whatever its caller's deadline. `clock` must outlive
  // this.
  DeadlineStep(const Clock& clock, absl::Duration timeout) : clock_(clock), timeout_(timeout) {}

  absl::Status OnArrival(Call& call) const override;
  // DEADLINE_EXCEEDED or CANCELLED where nobody waits any more.
  absl::Status OnBegin(const Call& call) const override;

 private:
  const Clock& clock_;
  absl::Duration timeout_;
};

}  // namespace shortlist
