// Which items a caller wants, in public names (AttributeCondition and ItemFilter of common.proto).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace shortlist {

// A condition on one attribute.
struct FilterCondition {
  std::string attribute;
  std::vector<std::string> any_value;  // Used when there is no range.
  struct Range {
    std::optional<double> min, max;  // Inclusive.
  };
  std::optional<Range> range;
};

struct FilterConditions {
  std::vector<FilterCondition> all_of, any_of, none_of;

  bool empty() const { return all_of.empty() && any_of.empty() && none_of.empty(); }
};

}  // namespace shortlist
