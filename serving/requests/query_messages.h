// From the messages in which callers ask to the queries that the pipeline answers. The messages
// have passed Validate.
#pragma once

#include "pipeline/candidate_stage.h"
#include "pipeline/query.h"
#include "pipeline/re_ranking_rules.h"
#include "retrieval/filters/item_filter.h"
#include "shortlist/v1/candidate_generation.pb.h"
#include "shortlist/v1/common.pb.h"
#include "shortlist/v1/re_ranking.pb.h"
#include "shortlist/v1/recommender.pb.h"

namespace shortlist {

FilterConditions FromMessage(const v1::ItemFilter& message);
ReRankingRules FromMessage(const v1::ReRanking& message);
// Without the user, who is read from the state store or from AnonymousUser.
Query FromMessage(const v1::RecommendRequest& message);
SimilarItemsQuery FromMessage(const v1::SimilarItemsRequest& message);

void ToMessage(const FilterConditions& filter, v1::ItemFilter& message);

}  // namespace shortlist
