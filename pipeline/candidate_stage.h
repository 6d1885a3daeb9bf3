// Stage one: from a query to hundreds of candidates. In this process, or behind a network.
// Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "features/candidate.h"
#include "model/bundle.h"
#include "pipeline/bound_query.h"
#include "pipeline/budget.h"
#include "retrieval/sources/cold_start_level.h"

namespace shortlist {

// Candidates, most promising first, none twice, and the bundle whose rows they are.
struct CandidateList {
  std::shared_ptr<const Bundle> bundle;
  std::vector<Candidate> candidates;
  ColdStartLevel level = ColdStartLevel::kUnspecified;  // How much is known of the query's user.
};

// What makes items alike: their embeddings, the vectors that they brought along, or both
// (shortlist.v1.Similarity, whose numbers these are).
enum class Similarity : uint8_t { kTaste, kContent, kBoth };

// Which items are most like another.
struct SimilarItemsQuery {
  std::string item_id;
  size_t count = kDefaultCount;
  FilterConditions filter;
  Similarity by = Similarity::kTaste;
};

class CandidateStage {
 public:
  virtual ~CandidateStage() = default;

  // max(count, candidate_count) of the query, or as many as pass its filter; of a query that has
  // candidate_item_ids, those of them that pass. The bundle is the
  // query's, or one that a stage in another process chose, which is loaded here as well.
  // INVALID_ARGUMENT names the field that does not fit the bundle.
  virtual absl::StatusOr<CandidateList> Generate(BoundQuery& query, const Budget& budget) const = 0;

  // The items most alike, never the item itself; their scores are those of SimilarItem.similarity
  // (recommender.proto). NOT_FOUND when the catalog does not have the item or, by content, the item
  // brought no vector along.
  virtual absl::StatusOr<CandidateList> FindSimilar(const SimilarItemsQuery& query,
                                                    const std::shared_ptr<const Bundle>& bundle,
                                                    const Budget& budget) const = 0;
};

}  // namespace shortlist
