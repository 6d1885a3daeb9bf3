// Where the candidates of each level come from, as a service's configuration says it: the shares of
// the sources, and what sources need besides the parts of a bundle.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "features/candidate.h"
#include "retrieval/sources/cold_start_level.h"
#include "retrieval/sources/trending_items.h"

namespace shortlist {

struct SourceShare {
  SourceId source;
  double share;  // Of the places.
};

// In the order in which they are asked: an item counts for the first that names it. The two towers'
// share is what the others leave, and so are places that others cannot fill.
using CandidateMix = std::vector<SourceShare>;

// What the same sources are made of for every bundle, in names.
struct SourceSettings {
  std::string newest_attribute;   // A numeric attribute of items; empty: none.
  std::string segment_attribute;  // An attribute of users; empty: none.
  const TrendingItems* trending = nullptr;
};

// Where nothing is configured.
inline const SourceSettings kNoSourceSettings;

struct CandidateSettings {
  std::map<ColdStartLevel, CandidateMix> mixes;  // Levels without one have the sources' own shares.
  SourceSettings sources;

  // Null for a level without a mix.
  const CandidateMix* MixOf(ColdStartLevel level) const {
    const auto found = mixes.find(level);
    return found == mixes.end() ? nullptr : &found->second;
  }
};

}  // namespace shortlist
