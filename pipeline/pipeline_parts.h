// What an answer is made of. Refers to it.
#pragma once

#include "pipeline/candidate_stage.h"
#include "pipeline/configured_rules.h"
#include "pipeline/ladder/degradation.h"
#include "pipeline/ranking_stage.h"
#include "retrieval/sources/candidate_mix.h"

namespace shortlist {

struct PipelineParts {
  const CandidateStage* candidates = nullptr;
  const RankingStage* ranking = nullptr;
  const ConfiguredRules* rules = nullptr;
  // Null: there is no ladder but its first rung, and an error of a stage is that of the answer.
  Degradation* degradation = nullptr;
  // For candidates without stage one.
  const SourceSettings* fallback = &kNoSourceSettings;
};

}  // namespace shortlist
