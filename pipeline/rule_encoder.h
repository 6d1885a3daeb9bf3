// From rules of re-ranking in public names to the terms of one bundle.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "features/catalog.h"
#include "features/row_map.h"
#include "model/bundle.h"
#include "pipeline/re_ranking_rules.h"
#include "ranking/re_ranker.h"
#include "retrieval/filters/item_filter.h"

namespace shortlist {

struct EncodedBoost {
  std::string name;
  float log_odds = 0;
  RowMap<bool> items{0};             // Of item_ids.
  std::optional<ItemFilter> filter;  // None: passes nothing.

  bool AppliesTo(ItemRow item) const {
    return items.Find(item) != nullptr || (filter && filter->Passes(item));
  }
};

// The rules but for their numbers, which are the same in every bundle. Refers to the bundle.
struct EncodedRules {
  struct Pin {
    ItemRow item = kNoItem;
    size_t place = 0;  // From 0.
  };

  std::vector<PlacementRules::Limit> limits;
  std::vector<std::string> limit_names;  // Of each.
  std::vector<EncodedBoost> boosts;
  std::vector<Pin> pins;
};

// INVALID_ARGUMENT names the field where the value function needs a head that the bundle does not
// have.
absl::Status CheckLikedHead(const ReRankingRules& rules, const Bundle& bundle);

// INVALID_ARGUMENT names the field ("re_ranking.limits[0].attribute") that asks for an attribute
// the catalog does not have. Ids that it does not have are left out.
absl::StatusOr<EncodedRules> EncodeRules(const ReRankingRules& rules, const Bundle& bundle);

}  // namespace shortlist
