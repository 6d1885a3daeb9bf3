// Numbers of items that may tell the future: a count of reviews or plays that was taken after the
// time of the test includes the test's own interactions. A model that is given it looks better than
// it is.
#pragma once

#include <string>
#include <vector>

#include "features/catalog.h"

namespace shortlist {

struct LeakageSuspicion {
  std::string attribute;
  // Spearman's rank correlation of the number with the item's interactions, those of the test
  // among them: between -1 and 1.
  double correlation;
};

// The numeric attributes whose correlation is at least .8 or at most -.8, over the items that have
// the number; at least 20 of them. `interaction_counts` are by item.
std::vector<LeakageSuspicion> FindLeakage(const CatalogData& items,
                                          const std::vector<uint32_t>& interaction_counts);

// Warns of them, each in one entry.
void WarnOfLeakage(const std::string& data_set, const std::vector<LeakageSuspicion>& suspicions);

}  // namespace shortlist
