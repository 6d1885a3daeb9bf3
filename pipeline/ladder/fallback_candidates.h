// Candidates without stage one, from what a bundle holds: for rungs of the ladder that go on where
// it is down or late.
#pragma once

#include "absl/status/statusor.h"
#include "pipeline/bound_query.h"
#include "pipeline/candidate_stage.h"
#include "retrieval/sources/candidate_mix.h"

namespace shortlist {

// What is popular in the user's segment, then what is popular with everybody; of a query that
// brings its candidates, those, by their cosines. As many as the query asks for, or as pass its
// filter, pinned items among them. Errors are those of CandidateStage::Generate that are of the
// request.
absl::StatusOr<CandidateList> PopularCandidates(BoundQuery& query, const SourceSettings& settings);

// Pinned items, and what passes of the list that training wrote: of what is popular in the user's
// segment, or with everybody where there is none. Of a query that brings its candidates: those, in
// their order. Nothing is computed of the user; scores are 0.
absl::StatusOr<CandidateList> PrecomputedCandidates(BoundQuery& query,
                                                    const SourceSettings& settings);

}  // namespace shortlist
