// Candidates nearest to the user's vector in the item index. The one source that is never short:
// min(k, items that pass) items.
#pragma once

#include <cstddef>
#include <vector>

#include "retrieval/candidate_source.h"
#include "retrieval/item_index.h"

namespace shortlist {

class TwoTowerSource : public CandidateSource {
 public:
  explicit TwoTowerSource(const ItemIndex& index) : index_(index) {}

  std::vector<ItemRow> Retrieve(const CandidateQuery& query, size_t k) const override;

 private:
  const ItemIndex& index_;
};

}  // namespace shortlist
