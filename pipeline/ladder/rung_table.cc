#include "pipeline/ladder/rung.h"

namespace shortlist {

std::span<const Rung> RungTable() {
  static constexpr Rung kRungs[] = {
      {.id = kFullRung, .name = "full"},
      {.id = kFewerCandidatesRung, .name = "fewer candidates", .effort = {.candidates = 0.5}},
      {.id = kLowerEffortRung,
       .name = "lower effort",
       .effort = {.candidates = 0.5, .breadth = 0.5}},
      {.id = kUnrankedRung, .name = "unranked", .is_ranked = false},
      {.id = kRankedPopularRung, .name = "ranked popular", .candidates = CandidateOrigin::kPopular},
      {.id = kPopularRung,
       .name = "popular",
       .candidates = CandidateOrigin::kPopular,
       .is_ranked = false},
      {.id = kPrecomputedRung,
       .name = "precomputed",
       .candidates = CandidateOrigin::kPrecomputed,
       .is_ranked = false},
  };
  return kRungs;
}

}  // namespace shortlist
