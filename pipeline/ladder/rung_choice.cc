#include "pipeline/ladder/rung_choice.h"

#include <algorithm>

namespace shortlist {
namespace {

// Finding popular items in this process, filter and all, is expected to be done in this.
constexpr absl::Duration kPopularTime = absl::Milliseconds(1);

bool AsksBothStages(const Rung& rung) {
  return rung.candidates == CandidateOrigin::kStage && rung.is_ranked;
}

absl::Duration ExpectedTime(const Rung& rung, const RungConditions& conditions) {
  absl::Duration time;
  if (rung.candidates == CandidateOrigin::kStage)
    time += rung.effort.breadth * conditions.candidates_time;
  else if (rung.candidates == CandidateOrigin::kPopular)
    time += kPopularTime;
  if (rung.is_ranked) time += rung.effort.candidates * conditions.ranking_time;
  return time;
}

bool CanBeHad(const Rung& rung, const RungConditions& conditions) {
  if (rung.candidates == CandidateOrigin::kStage && !conditions.candidates_up) return false;
  if (rung.is_ranked && !conditions.ranking_up) return false;
  // What takes no time can be had however late it is.
  return ExpectedTime(rung, conditions) <= std::max(conditions.left, absl::ZeroDuration());
}

}  // namespace

size_t MostNarrowing(std::span<const Rung> rungs) {
  const auto of_both = std::count_if(rungs.begin(), rungs.end(), AsksBothStages);
  return of_both == 0 ? 0 : static_cast<size_t>(of_both) - 1;
}

const Rung& ChooseRung(std::span<const Rung> rungs, const RungConditions& conditions) {
  size_t left_out = std::min(conditions.narrowing, MostNarrowing(rungs));
  for (const Rung& rung : rungs) {
    if (left_out > 0 && AsksBothStages(rung)) {
      --left_out;
      continue;
    }
    if (CanBeHad(rung, conditions)) return rung;
  }
  return rungs.back();
}

}  // namespace shortlist
