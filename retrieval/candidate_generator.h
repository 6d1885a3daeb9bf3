// Stage one: runs the user tower, asks the candidate sources, and merges their answers.
//
// The two-tower source has the first word; a part of the places is reserved for items similar to
// the recent history, and for a user of whom nothing is known for the popular ones. Duplicates go
// to the source that named them first. Every candidate's score is the cosine of user vector and
// item embedding; candidates are ordered by it.
//
// Const and thread-safe; refers to the parts of one bundle, which outlive it.
#pragma once

#include <cstddef>
#include <vector>

#include "features/catalog.h"
#include "features/user_state.h"
#include "retrieval/item_filter.h"
#include "retrieval/item_index.h"
#include "retrieval/item_similarity.h"
#include "retrieval/two_tower.h"

namespace shortlist {

class CandidateGenerator {
 public:
  CandidateGenerator(const Catalog& catalog, const TwoTower& towers, const ItemIndex& index,
                     const ItemSimilarity& similarity);

  // min(k, items that pass) candidates.
  std::vector<Candidate> Generate(const UserState& user, const ContextState& context,
                                  const ItemFilter& filter, size_t k) const;

 private:
  const TwoTower& towers_;
  const ItemIndex& index_;
  const ItemSimilarity& similarity_;
  std::vector<ItemRow> by_popularity_;
};

}  // namespace shortlist
