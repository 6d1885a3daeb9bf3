// Where candidates come from, besides the item index. Sources are const and thread-safe; they refer
// to the parts of one bundle, which outlive them.
#pragma once

#include <cstddef>
#include <vector>

#include "features/row_map.h"
#include "features/user_state.h"
#include "retrieval/item_filter.h"

namespace shortlist {

// Items that are candidates already.
using TakenItems = RowMap<bool>;

// What a source is asked for.
struct CandidateQuery {
  const UserState& user;
  const ItemFilter& filter;
  const TakenItems& taken;
};

class CandidateSource {
 public:
  virtual ~CandidateSource() = default;
  // At most k items that pass the filter and are not taken, most promising first, no item twice.
  virtual std::vector<ItemRow> Retrieve(const CandidateQuery& query, size_t k) const = 0;
};

}  // namespace shortlist
