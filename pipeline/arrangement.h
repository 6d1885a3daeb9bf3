// The rules of re-ranking that are in force for one request, those of the service's configuration
// and those of the request itself, and the order of the answer that they make.
//
//   const Arrangement arrangement(configured, query.rules);
//   query.pinned_item_ids = arrangement.PinnedItemIds();
//   ... stage one ...
//   RETURN_IF_ERROR(arrangement.CheckHeads(*bundle));
//   ... stage two, with arrangement.UsesLiked() ...
//   ASSIGN_OR_RETURN(std::vector<ShownCandidate> shown,
//                    arrangement.Order(candidates, scores, bundle, 20));
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "features/candidate.h"
#include "model/bundle.h"
#include "pipeline/configured_rules.h"
#include "pipeline/ranking_stage.h"
#include "pipeline/re_ranking_rules.h"
#include "ranking/value_function.h"

namespace shortlist {

struct ShownCandidate {
  size_t candidate = 0;       // Position among the candidates.
  size_t place_by_score = 0;  // From 0.
  std::vector<std::string> moved_by;
};

class Arrangement {
 public:
  // Both must outlive this.
  Arrangement(const ConfiguredRules& configured, const ReRankingRules& request);

  // Whether nothing moves an item from its place by score or value.
  bool empty() const;
  // Whether values that need the head for liked items order the candidates, and not scores.
  bool UsesLiked() const { return value_.UsesLiked(); }
  // That head is there, if it is used. INVALID_ARGUMENT names the field of a request that asks for
  // it, FAILED_PRECONDITION that of the configuration.
  absl::Status CheckHeads(const Bundle& bundle) const;

  // Items that must be among the candidates, whatever their score.
  std::vector<std::string> PinnedItemIds() const;

  // The candidates to show, min(count, all) of them, first place first: by score or value, or as
  // the rules make of it. `scores` has those of liking if UsesLiked. INVALID_ARGUMENT names an
  // attribute of the request's rules that the catalog does not have, FAILED_PRECONDITION one of the
  // configuration's.
  absl::StatusOr<std::vector<ShownCandidate>> Order(std::span<const Candidate> candidates,
                                                    const Scores& scores,
                                                    const std::shared_ptr<const Bundle>& bundle,
                                                    size_t count) const;

 private:
  // Logarithms of the candidates' values.
  std::vector<float> LogValues(const Scores& scores, const Bundle& bundle) const;
  // `keys` is what orders the candidates: scores or logarithms of values.
  absl::StatusOr<std::vector<ShownCandidate>> OrderByRules(
      std::span<const Candidate> candidates, std::span<const float> scores,
      std::span<const float> keys, const std::shared_ptr<const Bundle>& bundle, size_t count) const;

  const ConfiguredRules& configured_;
  const ReRankingRules& request_;
  float diversity_ = 0;
  float min_probability_ = 0;
  ValueFunction value_;
};

}  // namespace shortlist
