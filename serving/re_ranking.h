// The rules of re-ranking that are in force for one request: those of the service's configuration
// and those of the request itself. From the terms of re_ranking.proto to those of one bundle, and
// from there to the order of the answer.
//
//   ReRanking rules(config, request.re_ranking());
//   if (!rules.empty()) {
//     rules.AddPinnedItems(generate);
//     ... both stages ...
//     ASSIGN_OR_RETURN(std::vector<ShownCandidate> shown, rules.Order(rank, ranked, bundle, 20));
//   }
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "features/row_map.h"
#include "model/bundle.h"
#include "ranking/re_ranker.h"
#include "retrieval/item_filter.h"
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
  ReRanking(const v1::ReRanking& config, const v1::ReRanking& request);

  // Whether the order is that of the scores.
  bool empty() const;

  void AddPinnedItems(v1::GenerateCandidatesRequest& request) const;

  // INVALID_ARGUMENT names an attribute that the catalog does not have.
  absl::Status Check(const Bundle& bundle) const;

  // The candidates to show, min(count, all) of them, first place first. Errors are those of Check.
  absl::StatusOr<std::vector<ShownCandidate>> Order(const v1::RankRequest& candidates,
                                                    const v1::RankResponse& ranked,
                                                    const Bundle& bundle, size_t count) const;

 private:
  struct Boost {
    std::string name;
    float log_odds = 0;
    RowMap<bool> items{0};             // Of item_ids.
    std::optional<ItemFilter> filter;  // None: passes nothing.
  };
  // The rules in the terms of a bundle, but for the pins.
  struct Compiled {
    ReRankingRules rules;
    std::vector<std::string> limit_names;
    std::vector<Boost> boosts;
  };
  absl::StatusOr<Compiled> Compile(const Bundle& bundle) const;

  const v1::ReRanking* sources_[2];
  float diversity_ = 0;
  float min_probability_ = 0;
};

}  // namespace shortlist
