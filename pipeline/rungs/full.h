// The full pipeline: candidates, their scores, the rules.
#pragma once

#include "absl/status/statusor.h"
#include "pipeline/rung.h"

namespace shortlist {

inline constexpr RungId kFullRung = 1;

absl::StatusOr<Answer> AnswerInFull(const PipelineParts& parts, BoundQuery& query,
                                    const Budget& budget);

}  // namespace shortlist
