// Which rung of the ladder a request begins with, and goes on with when a stage has failed it: a
// pure function of the time that is left and of what is known of the stages.
#pragma once

#include <cstddef>
#include <span>

#include "absl/time/time.h"
#include "pipeline/ladder/rung.h"

namespace shortlist {

struct RungConditions {
  // Until the answer should be there.
  absl::Duration left = absl::InfiniteDuration();
  // Whether the stages can be asked, and how long they are expected to take with full effort; what
  // is done already takes none.
  bool candidates_up = true;
  bool ranking_up = true;
  absl::Duration candidates_time, ranking_time;
  // How far effort is narrowed: so many rungs are left out from the top of those that ask both
  // stages, but for the last of them.
  size_t narrowing = 0;
};

// How far effort can be narrowed: so many rungs ask both stages, less one.
size_t MostNarrowing(std::span<const Rung> rungs);

// The first rung that can be had and is expected to be there in time; the last where there is none.
// `rungs` are best first and not empty.
const Rung& ChooseRung(std::span<const Rung> rungs, const RungConditions& conditions);

}  // namespace shortlist
