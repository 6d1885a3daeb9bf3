// The most popular items of the catalog, the same for everybody.
#pragma once

#include <cstddef>
#include <vector>

#include "features/catalog.h"
#include "retrieval/candidate_source.h"

namespace shortlist {

class PopularSource : public CandidateSource {
 public:
  explicit PopularSource(const Catalog& catalog);

  // Of the kConsidered most popular items; none, therefore, under a filter that no item so popular
  // passes.
  std::vector<ItemRow> Retrieve(const CandidateQuery& query, size_t k) const override;

  static constexpr size_t kConsidered = 10'000;

 private:
  std::vector<ItemRow> by_popularity_;  // Most popular first.
};

}  // namespace shortlist
