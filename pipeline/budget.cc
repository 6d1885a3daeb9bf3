#include "pipeline/budget.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace shortlist {
namespace {

// What is kept back for an answer without the stages, and for the way to the caller. It is also the
// margin for gRPC, which sends a deadline rounded up by up to one per cent.
constexpr double kReserve = 0.1;
constexpr absl::Duration kMostReserve = absl::Milliseconds(20);
// Of the rest, candidates; ranking has what they leave.
constexpr double kCandidatesShare = 0.6;

}  // namespace

Budget::Budget(const Clock& clock, const Times& times) : clock_(&clock), times_(times) {
  times_.target = std::min(times_.target, times_.deadline);
}

Budget Budget::Until(absl::Time end) const {
  Times part = times_;
  part.target = end;
  part.deadline = std::min(end, times_.deadline);
  return {*clock_, part};
}

absl::Status Budget::Check(const char* after) const {
  if (Now() >= times_.deadline)
    return absl::DeadlineExceededError(absl::StrCat("the deadline passed after ", after));
  if (times_.is_cancelled != nullptr && (*times_.is_cancelled)())
    return absl::CancelledError(absl::StrCat("the caller went after ", after));
  return absl::OkStatus();
}

BudgetSplit SplitBudget(absl::Time now, absl::Time target) {
  const absl::Duration left = std::max(target - now, absl::ZeroDuration());
  const absl::Duration usable = left - std::min(kReserve * left, kMostReserve);
  return {.candidates = now + kCandidatesShare * usable, .ranking = now + usable};
}

}  // namespace shortlist
