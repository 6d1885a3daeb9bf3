// What the two stages cost by themselves: called in this process, on one thread, one request after
// the other, with everything resolved beforehand. And how much of the exact answer stage one finds.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>

#include "absl/status/statusor.h"
#include "benchmarks/request_mix.h"
#include "model/bundle.h"
#include "state/user_state_store.h"

namespace shortlist {

// Figures of the first `requests` requests of the mix, at least one: processor time per request in
// microseconds, in all and by stage, how much of the bundle it reads, and of `recall_queries` of
// them the share of the best candidates by exact search that the item index finds, those left out
// whose filter no item passes.
absl::StatusOr<nlohmann::json> MeasureCompute(const Bundle& bundle, const UserStateStore& states,
                                              const RequestMix& mix, size_t requests,
                                              size_t recall_queries);

}  // namespace shortlist
