// The newest items, the same for everybody: first those that came into the catalog after training,
// the latest first, then those that an attribute of their own says are the newest.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "features/catalog.h"
#include "retrieval/sources/candidate_source.h"

namespace shortlist {

class NewestSource : public CandidateSource {
 public:
  explicit NewestSource(const Catalog& catalog) : catalog_(catalog) {}

  // Of no more than kLookedAt of them for each one asked for.
  std::vector<ItemRow> Retrieve(const CandidateQuery& query, size_t k) const override;

  static constexpr size_t kLookedAt = 40;

 private:
  // Newest first, at most `most`.
  std::vector<ItemRow> Newest(const std::string& attribute, size_t most) const;

  const Catalog& catalog_;
};

}  // namespace shortlist
