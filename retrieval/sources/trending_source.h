// The items that most was done with lately, the same for everybody.
#pragma once

#include <cstddef>
#include <vector>

#include "features/catalog.h"
#include "retrieval/sources/candidate_source.h"

namespace shortlist {

class TrendingSource : public CandidateSource {
 public:
  explicit TrendingSource(const Catalog& catalog) : catalog_(catalog) {}

  // Of no more than kLookedAt of them for each one asked for; none where nothing counts events.
  std::vector<ItemRow> Retrieve(const CandidateQuery& query, size_t k) const override;

  static constexpr size_t kLookedAt = 40;

 private:
  const Catalog& catalog_;
};

}  // namespace shortlist
