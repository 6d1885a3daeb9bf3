// An answer as one line of JSON, written without a message in between: batch answers are millions.
//
//   {"user_id": "7", "bundle_id": "e1cb...", "items": [{"item_id": "318", "score": -1.72,
//    "probability": 0.134, "source": "CANDIDATE_SOURCE_TWO_TOWER"}, ...]}
//
// The fields are those of RecommendResponse (proto/shortlist/v1/recommender.proto); numbers are the
// shortest decimals that read back as the same float.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/answer.h"

namespace shortlist {

// Adds the line, with its line break, to `lines`.
void AppendAnswerLine(std::string_view user_id, const Answer& answer, std::string& lines);

}  // namespace shortlist
