// Where candidates come from, besides the item index. Sources are const and thread-safe; they refer
// to the parts of one bundle, which outlive them.
#pragma once

#include <cstddef>
#include <vector>

#include "features/encoded_request.h"
#include "features/row_map.h"
#include "retrieval/filters/item_filter.h"
#include "retrieval/sources/candidate_mix.h"

namespace shortlist {

// Items that are candidates already.
using TakenItems = RowMap<bool>;

// What a source is asked for.
struct CandidateQuery {
  const EncodedUser& user;
  const ItemFilter& filter;
  const TakenItems& taken;
  const SourceSettings& settings = kNoSourceSettings;
};

class CandidateSource {
 public:
  virtual ~CandidateSource() = default;
  // At most k items that pass the filter and are not taken, most promising first, no item twice.
  virtual std::vector<ItemRow> Retrieve(const CandidateQuery& query, size_t k) const = 0;
};

// The first k of item_at(0) ... item_at(count - 1) that pass the filter and are not taken.
template <class ItemAt>
std::vector<ItemRow> FirstPassing(const CandidateQuery& query, size_t count, const ItemAt& item_at,
                                  size_t k) {
  // Whether an item passes waits for memory, which is therefore asked for so many items ahead.
  constexpr size_t kAhead = 16;
  std::vector<ItemRow> rows;
  rows.reserve(k);
  for (size_t i = 0; i < count && rows.size() < k; ++i) {
    if (i + kAhead < count) query.filter.Prefetch(item_at(i + kAhead));
    const ItemRow item = item_at(i);
    if (query.taken.Find(item) == nullptr && query.filter.Passes(item)) rows.push_back(item);
  }
  return rows;
}

}  // namespace shortlist
