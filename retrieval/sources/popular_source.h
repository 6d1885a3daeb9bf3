// The most popular items of the catalog, the same for everybody.
#pragma once

#include <cstddef>
#include <vector>

#include "features/catalog.h"
#include "retrieval/sources/candidate_source.h"

namespace shortlist {

class PopularSource : public CandidateSource {
 public:
  explicit PopularSource(const Catalog& catalog) : catalog_(catalog) {}

  // Of the catalog's most popular items, but of no more than kLookedAt for each one asked for:
  // few or none, therefore, under a filter that few or none so popular pass.
  std::vector<ItemRow> Retrieve(const CandidateQuery& query, size_t k) const override;

  static constexpr size_t kLookedAt = 40;

 private:
  const Catalog& catalog_;
};

}  // namespace shortlist
