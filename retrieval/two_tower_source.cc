#include "retrieval/two_tower_source.h"

namespace shortlist {

std::vector<ItemRow> TwoTowerSource::Retrieve(const CandidateQuery& query, size_t k) const {
  std::vector<ItemRow> rows;
  for (const ScoredItem& found : index_.Search(query.user_vector, query.filter, k))
    rows.push_back(found.item);
  return rows;
}

}  // namespace shortlist
