// What a configuration says of where candidates come from (CandidatesConfig).
#pragma once

#include "absl/status/statusor.h"
#include "retrieval/sources/candidate_mix.h"
#include "shortlist/v1/config.pb.h"

namespace shortlist {

// Without counters of what trends, which the settings need where trending_half_life_seconds is
// given. INVALID_ARGUMENT names the field that is wrong ("candidates.mixes[1].sources[0].share").
absl::StatusOr<CandidateSettings> CandidateSettingsOf(const v1::CandidatesConfig& config);

}  // namespace shortlist
