// From the pipeline's answers to the messages that callers get.
#pragma once

#include "pipeline/answer.h"
#include "pipeline/candidate_stage.h"
#include "shortlist/v1/recommender.pb.h"

namespace shortlist {

// Fills in items, bundle, rung, counts and the time that the stages took.
void ToMessage(const Answer& answer, v1::RecommendResponse& message);

void ToMessage(const CandidateList& similar, v1::SimilarItemsResponse& message);

// One message a feature, in their order.
void ToMessages(const std::vector<FeatureContribution>& contributions,
                google::protobuf::RepeatedPtrField<v1::Contribution>& messages);

}  // namespace shortlist
