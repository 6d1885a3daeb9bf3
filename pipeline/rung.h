// The degradation ladder: the ways in which an answer can be made, best first. A rung is a file in
// pipeline/rungs/ and a line in the table (rung_table.cc); its number and public name are those of
// the enum Rung of proto/shortlist/v1/recommender.proto.
#pragma once

#include <span>

#include "absl/status/statusor.h"
#include "pipeline/answer.h"
#include "pipeline/bound_query.h"
#include "pipeline/budget.h"
#include "pipeline/candidate_stage.h"
#include "pipeline/configured_rules.h"
#include "pipeline/ranking_stage.h"

namespace shortlist {

// What a rung may make use of. Refers to it.
struct PipelineParts {
  const CandidateStage* candidates = nullptr;
  const RankingStage* ranking = nullptr;
  const ConfiguredRules* rules = nullptr;
};

struct Rung {
  RungId id = 0;
  // The whole answer but for its rung. UNAVAILABLE or DEADLINE_EXCEEDED: the next rung is tried.
  absl::StatusOr<Answer> (*answer)(const PipelineParts& parts, BoundQuery& query,
                                   const Budget& budget) = nullptr;
};

// All rungs, best first.
std::span<const Rung> RungTable();

}  // namespace shortlist
