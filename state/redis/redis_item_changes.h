// The changes of items in a state store in Redis (redis_keys.h). Of every item those that still
// count are kept: the last that put it into the catalog or took it out, and the last that hid it or
// showed it again. All are under one hash tag, since they have one order.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "shortlist/v1/events.pb.h"
#include "state/redis/redis_client.h"
#include "state/redis/redis_keys.h"

namespace shortlist {

// All of them or none, in their order; none may be null. Errors are those of RedisClient::Run.
absl::Status AppendItemChanges(RedisClient& client, const RedisKeys& keys,
                               const std::vector<const v1::ItemChange*>& changes);

// As StateStore::VisitItemChanges. Positions rise with the clock of Redis: they go on rising in one
// that lost what it had. A change whose item is changed meanwhile may be left out for the later
// one. DATA_LOSS names the item of which something else is found.
absl::Status VisitRedisItemChanges(
    RedisClient& client, const RedisKeys& keys, int64_t after,
    const std::function<absl::Status(int64_t position, const v1::ItemChange&)>& visit);

}  // namespace shortlist
