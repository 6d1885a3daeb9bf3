// Every candidate source besides the item index, a line each (source_table.cc).
#pragma once

#include <memory>
#include <span>

#include "features/candidate.h"
#include "features/catalog.h"
#include "features/request_schema.h"
#include "retrieval/item_similarity.h"
#include "retrieval/segment_popularity.h"
#include "retrieval/sources/candidate_source.h"

namespace shortlist {

// What a source may be made of: the parts of one bundle.
struct SourceParts {
  const Catalog* catalog = nullptr;
  const ItemSimilarity* similarity = nullptr;
  const RequestSchema* requests = nullptr;
  const SegmentPopularity* segments = nullptr;
};

struct CandidateSourceEntry {
  SourceId id;
  std::unique_ptr<CandidateSource> (*make)(const SourceParts& parts);
  // Shares of the places that are its own where the configuration has no mix for the level:
  // usually, and for a user of whom nothing is known. What all sources leave of the places is the
  // item index's, which loses them all for such a user. 0: it is asked only where a mix names it.
  double share = 0;
  double share_for_unknown_user = 0;
};

// In the order in which they are asked: an item counts for the first that names it.
std::span<const CandidateSourceEntry> CandidateSourceTable();

}  // namespace shortlist
