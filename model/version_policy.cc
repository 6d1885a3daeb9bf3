#include "model/version_policy.h"

#include <algorithm>

namespace shortlist {

VersionPlan PlanVersions(const VersionState& state) {
  VersionPlan plan;
  if (state.current != state.served && !state.refused.contains(state.current))
    plan.load = state.current;
  const std::vector<std::string>& versions = state.on_disk;
  const auto current = std::find(versions.begin(), versions.end(), state.current);
  if (!state.keep || current == versions.end()) return plan;
  for (size_t i = 0; i + *state.keep < versions.size(); ++i) {
    const std::string& version = versions[i];
    const bool is_before_current = versions.begin() + static_cast<ptrdiff_t>(i) + 1 == current;
    if (version == state.current || is_before_current || version == state.served ||
        state.in_use.contains(version))
      continue;
    plan.remove.push_back(version);
  }
  return plan;
}

}  // namespace shortlist
