// Candidates that often occur together with the latest items of the user's history: the sum over
// these of the co-occurrence scores, each with the table's weight of its age.
#pragma once

#include <cstddef>
#include <vector>

#include "features/catalog.h"
#include "retrieval/item_similarity.h"
#include "retrieval/sources/candidate_source.h"

namespace shortlist {

class SimilarToRecentSource : public CandidateSource {
 public:
  SimilarToRecentSource(const ItemSimilarity& similarity, const Catalog& catalog)
      : similarity_(similarity), catalog_(catalog) {}

  std::vector<ItemRow> Retrieve(const CandidateQuery& query, size_t k) const override;

 private:
  const ItemSimilarity& similarity_;
  const Catalog& catalog_;
};

}  // namespace shortlist
