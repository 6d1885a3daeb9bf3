// Fixes until when a call is worked on, and refuses one that has waited for its turn beyond that.
#pragma once

#include "common/clock.h"
#include "serving/rpc/call_step.h"

namespace shortlist {

class DeadlineStep : public CallStep {
 public:
  // No call may take longer than `timeout`, whatever its caller's deadline. The answer to a caller
  // without one should be there in `budget`. `clock` must outlive this.
  DeadlineStep(const Clock& clock, absl::Duration timeout, absl::Duration budget)
      : clock_(clock), timeout_(timeout), budget_(budget) {}

  absl::Status OnArrival(Call& call) const override;
  // DEADLINE_EXCEEDED or CANCELLED where nobody waits any more.
  absl::Status OnBegin(const Call& call) const override;

 private:
  const Clock& clock_;
  absl::Duration timeout_, budget_;
};

}  // namespace shortlist
