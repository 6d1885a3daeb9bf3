// When a call that was refused may be made again. The hint travels in the status, and to the caller
// as trailing metadata of the name that gRPC's retries look for: a client whose retry policy has
// RESOURCE_EXHAUSTED among its codes waits for so long instead of its own backoff. Others may read
// it.
//
//   return WithRetryHint(absl::ResourceExhaustedError("the queue is full"),
//   absl::Milliseconds(20));
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace shortlist {

// Its value is milliseconds, in decimal.
inline constexpr char kRetryHintKey[] = "grpc-retry-pushback-ms";

// The status, an error, with the hint, rounded up to milliseconds; at least one.
absl::Status WithRetryHint(absl::Status status, absl::Duration wait);
// Nothing where the status has none.
std::optional<absl::Duration> RetryHintOf(const absl::Status& status);

}  // namespace shortlist
