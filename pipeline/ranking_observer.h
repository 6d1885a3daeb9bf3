// Who is shown what stage two is asked, such as a log of features. Thread-safe; on the request
// path, so it should take no time to speak of.
#pragma once

#include <span>

#include "features/candidate.h"
#include "pipeline/bound_query.h"

namespace shortlist {

class RankingObserver {
 public:
  virtual ~RankingObserver() = default;
  virtual void OnRank(const BoundQuery& query, std::span<const Candidate> candidates) = 0;
};

}  // namespace shortlist
