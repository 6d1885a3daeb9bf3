// What is done to the order of the items after they are scored, in public ids and names: as a
// request or the service's configuration states it (proto/shortlist/v1/re_ranking.proto says what
// each means). pipeline/rule_encoder.h brings it into the terms of one bundle.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ranking/value_function.h"
#include "retrieval/filters/item_filter.h"

namespace shortlist {

struct ReRankingRules {
  // At most so many items of each value of an attribute.
  struct Limit {
    std::string attribute;
    uint32_t max_items = 1;
  };
  // An item that has its place whatever its score.
  struct Pin {
    std::string item_id;
    size_t place = 0;  // From 0.
  };
  // Items whose score is raised, or lowered: those of item_ids and those that meet conditions.
  struct Boost {
    std::string name = "boost";
    std::vector<std::string> item_ids;
    FilterConditions filter;  // Without conditions: none.
    float log_odds = 0;
  };

  std::optional<float> diversity;  // 0 to 1.
  std::vector<Limit> limits;
  std::vector<Pin> pins;
  std::vector<Boost> boosts;
  std::optional<float> min_probability;  // 0 to 1.
  std::optional<ValueFunction> value_function;
  std::optional<size_t> new_item_interval;  // 0: none.
};
inline constexpr size_t kDefaultNewItemInterval = 10;

}  // namespace shortlist
