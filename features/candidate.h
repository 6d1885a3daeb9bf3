// A candidate on its way through the stages.
#pragma once

#include <cstdint>

#include "features/catalog.h"

namespace shortlist {

// The candidate source that found it.
enum class SourceId : uint8_t {
  kTwoTower = 1,
  kSimilarToRecent = 2,
  kPopular = 3,
  kPinned = 4,
  kGiven = 5,  // No source: the caller brought it.
  kPopularInSegment = 6,
  kTrending = 7,
  kNewest = 8
};
// Sources that training knows: the first ones. Of a candidate that is there only because it is
// pinned, or of a later source, the source is a missing feature; one that was given counts as found
// by the towers.
inline constexpr uint32_t kSourceCount = 3;

struct Candidate {
  ItemRow item;
  float score;  // Cosine of user vector and item embedding, whatever the source.
  SourceId source;
};

}  // namespace shortlist
