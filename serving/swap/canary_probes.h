// Requests that are made up for a bundle, for a process that has recorded none yet: of users who
// had some of the popular items.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/bundle.h"
#include "pipeline/query.h"

namespace shortlist {

// `count` requests, the same for the same bundles. Of items that both know, as long as there are
// such; none for a bundle without items. They are made at `time_ms`, since the Unix epoch.
std::vector<Query> CanaryProbes(const Bundle& served, const Bundle& next, size_t count,
                                int64_t time_ms);

}  // namespace shortlist
