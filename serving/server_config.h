// What a configuration of a service means: its defaults, and whether it makes sense.
#pragma once

#include "absl/status/statusor.h"
#include "serving/events/frequency_cap.h"
#include "shortlist/v1/config.pb.h"
#include "state/event_worth.h"
#include "state/state_projection.h"

namespace shortlist {

// Whether the role is one that products call.
bool TakesRequests(v1::Role role);

// The configuration as this version of the program understands it: defaults filled in.
// INVALID_ARGUMENT names a field that is missing or out of range.
absl::StatusOr<v1::ServerConfig> CompleteConfig(v1::ServerConfig config);

// What the configuration says events are worth. INVALID_ARGUMENT names the rule that is wrong
// ("events.worth[1].column").
absl::StatusOr<EventWorth> WorthOf(const v1::EventsConfig& events);

// How the configuration has states made from the log; of a role that records nothing, as the store
// was told by one that does. INVALID_ARGUMENT names the field of `events`
// or `impressions` that is wrong.
absl::StatusOr<StateProjection> ProjectionOf(const v1::ServerConfig& config);

// Of requests that have none of their own. INVALID_ARGUMENT names the field that is wrong.
absl::StatusOr<FrequencyCap> ConfiguredCap(const v1::ImpressionsConfig& impressions);

}  // namespace shortlist
