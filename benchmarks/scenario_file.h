// Reads a scenario of the latency benchmark: protobuf text, fields in scenario.proto.
#pragma once

#include <filesystem>

#include "absl/status/statusor.h"
#include "benchmarks/scenario.pb.h"

namespace shortlist {

// INVALID_ARGUMENT names the file and the field (or the line) that is wrong.
absl::StatusOr<benchmarks::Scenario> ReadScenario(const std::filesystem::path& path);

}  // namespace shortlist
