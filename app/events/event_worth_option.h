// What events are worth, for commands that work on a state store: as the service's configuration
// says.
#pragma once

#include <filesystem>

#include "absl/status/statusor.h"
#include "common/command_line.h"
#include "state/event_worth.h"
#include "state/state_projection.h"

namespace shortlist {

// --config FILE: what events are worth there.
void AddEventWorth(Command& command, std::filesystem::path& config);
// As `config` says, a ServerConfig as protobuf text; the types' own worth where there is none.
absl::StatusOr<EventWorth> ReadEventWorth(const std::filesystem::path& config);
// How states are made from the log, as `config` says; where there is none, as the service last did.
absl::StatusOr<StateProjection> ReadStateProjection(const std::filesystem::path& config);

}  // namespace shortlist
