// What the ladder goes by, of all requests together: how the stages are, and how much effort a
// request is given. Thread-safe.
#pragma once

#include "pipeline/ladder/effort_controller.h"
#include "pipeline/ladder/rung.h"
#include "pipeline/ladder/rung_choice.h"
#include "pipeline/ladder/stage_health.h"

namespace shortlist {

struct Degradation {
  StageHealth candidates, ranking;
  EffortController effort{MostNarrowing(RungTable())};
};

}  // namespace shortlist
