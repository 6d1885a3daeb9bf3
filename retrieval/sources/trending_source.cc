#include "retrieval/sources/trending_source.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

namespace shortlist {

std::vector<ItemRow> TrendingSource::Retrieve(const CandidateQuery& query, size_t k) const {
  std::vector<ItemRow> rows;
  if (query.settings.trending == nullptr) return rows;
  const std::shared_ptr<const std::vector<std::string>> trending =
      query.settings.trending->Latest();
  const size_t looked_at = std::min(trending->size(), kLookedAt * k);
  for (size_t i = 0; i < looked_at && rows.size() < k; ++i) {
    const std::optional<ItemRow> row = catalog_.FindItem((*trending)[i]);
    if (row && query.taken.Find(*row) == nullptr && query.filter.Passes(*row)) rows.push_back(*row);
  }
  return rows;
}

}  // namespace shortlist
