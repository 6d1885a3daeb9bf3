// What can be measured: models as the evaluator sees them. All refer to what they are made of.
#pragma once

#include <cstddef>
#include <span>

#include "evaluation/evaluator.h"
#include "evaluation/scoring_model.h"
#include "model/bundle.h"
#include "pipeline/ladder/rung.h"

namespace shortlist {

// The best scored of `items` items.
Recommend FromScores(const ScoringModel& model, size_t items);

// The two towers alone: the user's vector against every item's.
Recommend ExactRetrieval(const Bundle& bundle);
// The same through the item index as it is served.
Recommend IndexedRetrieval(const Bundle& bundle);
// Stage one as it is served, all candidate sources together.
Recommend StageOne(const Bundle& bundle, size_t candidates);
// The pipeline as it is served.
Recommend BothStages(const Bundle& bundle, size_t candidates);
// The pipeline where the first of these rungs, which must outlive it, makes every answer.
Recommend FirstRung(const Bundle& bundle, size_t candidates, std::span<const Rung> rungs);

}  // namespace shortlist
