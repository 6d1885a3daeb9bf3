// Candidates that often occur together with the latest items of the user's history: the sum over
// these of the co-occurrence scores, each with the table's weight of its age.
#pragma once

#include <cstddef>
#include <vector>

#include "retrieval/item_similarity.h"
#include "retrieval/sources/candidate_source.h"

namespace shortlist {

class SimilarToRecentSource : public CandidateSource {
 public:
  explicit SimilarToRecentSource(const ItemSimilarity& similarity) : similarity_(similarity) {}

  std::vector<ItemRow> Retrieve(const CandidateQuery& query, size_t k) const override;

 private:
  const ItemSimilarity& similarity_;
};

}  // namespace shortlist
