// The rules of re-ranking that are in force for one request, those of the service's configuration
// and those of the request itself, and the order of the answer that they make.
//
//   Arrangement arrangement(configured, query.rules);
//   RETURN_IF_ERROR(arrangement.Bind(bundle));
//   query.pinned_item_ids = arrangement.PinnedItemIds();
//   ... both stages, the second with arrangement.UsesLiked() ...
//   const std::vector<ShownCandidate> shown = arrangement.Order(candidates, scores, 20);
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "features/candidate.h"
#include "model/bundle.h"
#include "pipeline/configured_rules.h"
#include "pipeline/ranking_stage.h"
#include "pipeline/re_ranking_rules.h"
#include "pipeline/rule_encoder.h"
#include "ranking/value_function.h"

namespace shortlist {

// What stands for the log-odds of a candidate that no ranker has scored, by its place from 0: minus
// the logarithm of the place from 1, as attention falls with the place.
float UnrankedScore(size_t place);

struct ShownCandidate {
  size_t candidate = 0;       // Position among the candidates.
  size_t place_by_score = 0;  // From 0.
  std::vector<std::string> moved_by;
};

class Arrangement {
 public:
  // Both must outlive this.
  Arrangement(const ConfiguredRules& configured, const ReRankingRules& request);
  Arrangement(const ConfiguredRules& configured, ReRankingRules&& request) = delete;

  // After Bind: whether nothing moves one of these from its place by score or value.
  bool MovesNothing(std::span<const Candidate> candidates) const;
  // Whether values that need the head for liked items order the candidates, and not scores.
  bool UsesLiked() const { return value_.UsesLiked(); }

  // Items that must be among the candidates, whatever their score.
  std::vector<std::string> PinnedItemIds() const;

  // Brings the rules into the terms of the bundle, in the place of one before. INVALID_ARGUMENT
  // names the field of the request that the bundle does not fit: an attribute that the catalog does
  // not have, or a value of a head that is not there; FAILED_PRECONDITION, that of the
  // configuration.
  absl::Status Bind(const std::shared_ptr<const Bundle>& bundle);

  // After Bind, of candidates of that bundle: those to show, min(count, all) of them, first place
  // first, by score or value, or as the rules make of it. `scores` has those of liking if
  // UsesLiked.
  std::vector<ShownCandidate> Order(std::span<const Candidate> candidates, const Scores& scores,
                                    size_t count) const;
  // The same of candidates that no ranker has scored: their order stands for scores. What the rules
  // say of probabilities and values does not count.
  std::vector<ShownCandidate> OrderUnranked(std::span<const Candidate> candidates,
                                            size_t count) const;

 private:
  // Logarithms of the candidates' values.
  std::vector<float> LogValues(const Scores& scores) const;
  // What orders the candidates.
  struct Keys {
    std::span<const float> scores;  // Log-odds.
    std::span<const float> values;  // Logarithms; empty: the scores order them.
    float min_probability = 0;

    std::span<const float> order() const { return values.empty() ? scores : values; }
  };
  std::vector<ShownCandidate> OrderBy(std::span<const Candidate> candidates, const Keys& keys,
                                      size_t count) const;
  std::vector<ShownCandidate> OrderByRules(std::span<const Candidate> candidates, const Keys& keys,
                                           size_t count) const;

  const ConfiguredRules& configured_;
  const ReRankingRules& request_;
  float diversity_ = 0;
  float min_probability_ = 0;
  size_t new_item_interval_ = 0;
  ValueFunction value_;
  // Of Bind.
  std::shared_ptr<const Bundle> bundle_;
  std::shared_ptr<const EncodedRules> encoded_configured_;
  EncodedRules encoded_request_;
};

}  // namespace shortlist
