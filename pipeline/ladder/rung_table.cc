#include "pipeline/ladder/rung.h"

namespace shortlist {

std::span<const Rung> RungTable() {
  static constexpr Rung kRungs[] = {
      {.id = kFullRung},
      {.id = kFewerCandidatesRung, .effort = {.candidates = 0.5}},
      {.id = kLowerEffortRung, .effort = {.candidates = 0.5, .breadth = 0.5}},
      {.id = kUnrankedRung, .is_ranked = false},
      {.id = kRankedPopularRung, .candidates = CandidateOrigin::kPopular},
      {.id = kPopularRung, .candidates = CandidateOrigin::kPopular, .is_ranked = false},
      {.id = kPrecomputedRung, .candidates = CandidateOrigin::kPrecomputed, .is_ranked = false},
  };
  return kRungs;
}

}  // namespace shortlist
