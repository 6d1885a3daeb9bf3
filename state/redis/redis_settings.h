// Whether a Redis is fit to keep what was recorded.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "state/redis/redis_client.h"

namespace shortlist {

// What a store there may lose and by which of its settings, a sentence each; none when nothing that
// was acknowledged is lost. FAILED_PRECONDITION: it is older than Redis 7.0 or part of a cluster;
// otherwise errors of RedisClient::Run.
absl::StatusOr<std::vector<std::string>> FindRisks(RedisClient& client);

}  // namespace shortlist
