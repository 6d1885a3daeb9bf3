// The time that a request may take, by a clock that a test can hold: when its answer should be
// there, and until when its caller waits. Small; copied freely.
//
//   const Budget budget(clock, {.begin = arrival, .target = target, .deadline = deadline});
//   RETURN_IF_ERROR(budget.Check("ranking"));
//   stage.Rank(query, candidates, liked, budget.Until(split.ranking));
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/clock.h"

namespace shortlist {

class Budget {
 public:
  struct Times {
    absl::Time begin;     // When the request arrived.
    absl::Time target;    // When its answer should be there; no later than the deadline.
    absl::Time deadline;  // Until when its caller waits.
    // Whether the caller has gone; null: it does not say.
    const std::function<bool()>* is_cancelled = nullptr;
  };
  // `clock` and what `times` refers to must outlive this.
  Budget(const Clock& clock, const Times& times);
  // From now on, until the deadline.
  Budget(const Clock& clock, absl::Time deadline)
      : Budget(clock, {.begin = clock(), .target = deadline, .deadline = deadline}) {}

  absl::Time target() const { return times_.target; }
  absl::Time deadline() const { return times_.deadline; }
  absl::Time Now() const { return (*clock_)(); }
  // From the beginning: to the target, and until now.
  absl::Duration Whole() const { return times_.target - times_.begin; }
  absl::Duration Taken() const { return Now() - times_.begin; }
  // The part of it that a stage has, which is to be done by `end`.
  Budget Until(absl::Time end) const;

  // DEADLINE_EXCEEDED or CANCELLED, when nobody waits any more, says after what.
  absl::Status Check(const char* after) const;

 private:
  const Clock* clock_;
  Times times_;
};

// Until when each stage may take, so that what is below it on the ladder can still answer in time.
// Pure; of a target that has passed, all is now.
struct BudgetSplit {
  absl::Time candidates;
  absl::Time ranking;
};
BudgetSplit SplitBudget(absl::Time now, absl::Time target);

}  // namespace shortlist
