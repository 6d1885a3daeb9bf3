// Where candidates come from. Sources are const and thread-safe; they refer to the parts of one
// bundle, which outlive them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "features/user_state.h"
#include "retrieval/item_filter.h"

namespace shortlist {

// What a source is asked for.
struct CandidateQuery {
  const UserState& user;
  const ItemFilter& filter;
  std::span<const float> user_vector;
};

class CandidateSource {
 public:
  virtual ~CandidateSource() = default;
  // At most k items that pass the filter, most promising first, no item twice.
  virtual std::vector<ItemRow> Retrieve(const CandidateQuery& query, size_t k) const = 0;
};

}  // namespace shortlist
