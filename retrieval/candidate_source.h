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
  const ContextState& context;
  const ItemFilter& filter;
  std::span<const float> user_vector;
};

class CandidateSource {
 public:
  virtual ~CandidateSource() = default;
  // At most k items that pass the filter, most promising first, no item twice. The scores are
  // left for the merge to fill in.
  virtual std::vector<Candidate> Retrieve(const CandidateQuery& query, size_t k) const = 0;
};

}  // namespace shortlist
