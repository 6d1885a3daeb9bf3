// The rules of re-ranking that are in force for one request: those of the service's configuration
// and those of the request itself, and the order of the answer that they make.
//
//   const ReRanking rules(configured, request.re_ranking());
//   rules.AddPinnedItems(generate);
//   ... stage one ...
//   RETURN_IF_ERROR(rules.CheckHeads(*bundle));
//   rank.set_score_liked(rules.UsesLiked());
//   ... stage two ...
//   ASSIGN_OR_RETURN(std::vector<ShownCandidate> shown, rules.Order(rank, ranked, bundle, 20));
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "model/bundle.h"
#include "ranking/value_function.h"
#include "serving/requests/configured_re_ranking.h"
#include "shortlist/v1/candidate_generation.pb.h"
#include "shortlist/v1/ranking.pb.h"
#include "shortlist/v1/re_ranking.pb.h"

namespace shortlist {

struct ShownCandidate {
  size_t candidate = 0;       // Position among the candidates.
  size_t place_by_score = 0;  // From 0.
  std::vector<std::string> moved_by;
};

class ReRanking {
 public:
  // Both must outlive this.
  ReRanking(const ConfiguredReRanking& configured, const v1::ReRanking& request);

  // Whether nothing moves an item from its place by score or value.
  bool empty() const;
  // Whether values that need the head for liked items order the candidates, and not scores.
  bool UsesLiked() const { return value_.UsesLiked(); }
  // That head is there, if it is used. INVALID_ARGUMENT names the field of a request that asks for
  // it, FAILED_PRECONDITION that of the configuration.
  absl::Status CheckHeads(const Bundle& bundle) const;

  void AddPinnedItems(v1::GenerateCandidatesRequest& request) const;

  // The candidates to show, min(count, all) of them, first place first: by score or value, or as
  // the rules make of it. `ranked` has liked_probabilities if UsesLiked. INVALID_ARGUMENT names an
  // attribute of the request's rules that the catalog does not have, FAILED_PRECONDITION one of the
  // configuration's.
  absl::StatusOr<std::vector<ShownCandidate>> Order(const v1::RankRequest& candidates,
                                                    const v1::RankResponse& ranked,
                                                    const std::shared_ptr<const Bundle>& bundle,
                                                    size_t count) const;

 private:
  // What orders the candidates: `ranked.scores`, or `log_values`, which this fills in.
  std::span<const float> Scores(const v1::RankResponse& ranked,
                                std::vector<float>& log_values) const;
  absl::StatusOr<std::vector<ShownCandidate>> OrderByRules(
      const v1::RankRequest& candidates, const v1::RankResponse& ranked,
      std::span<const float> scores, const std::shared_ptr<const Bundle>& bundle,
      size_t count) const;

  const ConfiguredReRanking& configured_;
  const v1::ReRanking& request_;
  float diversity_ = 0;
  float min_probability_ = 0;
  ValueFunction value_;
};

}  // namespace shortlist
