// The time that a request may take: until when its caller waits, by a clock that a test can hold.
// Small; copied freely.
//
//   const Budget budget(clock, deadline);
//   RETURN_IF_ERROR(budget.Check("ranking"));
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/clock.h"

namespace shortlist {

class Budget {
 public:
  // `clock` must outlive this.
  Budget(const Clock& clock, absl::Time deadline) : clock_(&clock), deadline_(deadline) {}

  absl::Time deadline() const { return deadline_; }
  absl::Time Now() const { return (*clock_)(); }
  // DEADLINE_EXCEEDED says after what the caller stopped waiting.
  absl::Status Check(const char* after) const;

 private:
  const Clock* clock_;
  absl::Time deadline_;
};

}  // namespace shortlist
