// One question to the pipeline, in public ids and names: it means the same whatever bundle answers
// it, in this process or in another.
//
//   Query query{.user = state, .context = {.time_ms = now}};
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "features/user_state.h"
#include "pipeline/re_ranking_rules.h"
#include "retrieval/filters/item_filter.h"

namespace shortlist {

// The bounds of a query (proto/shortlist/v1/recommender.proto).
inline constexpr size_t kDefaultCount = 20;
inline constexpr size_t kMaxCount = 200;
inline constexpr size_t kDefaultCandidateCount = 500;
inline constexpr size_t kMaxCandidateCount = 5'000;

struct Query {
  UserState user;
  RequestContext context;
  size_t count = kDefaultCount;                     // Items to answer with.
  size_t candidate_count = kDefaultCandidateCount;  // To rank, as asked for.
  FilterConditions filter;                          // What every item must meet.
  // Rank just these items, all of them, and search nothing. Empty: search the whole catalog.
  std::vector<std::string> candidate_item_ids;
  std::vector<std::string> excluded_item_ids;  // Must not come back.
  bool include_seen = false;                   // Whether items of the history may come back.
  bool explain = false;                        // Whether to say why.
  ReRankingRules rules;
};

}  // namespace shortlist
