// Writes new seeds beside those of a store and puts them in their place when all are there. Readers
// see those of before until then, and what was not put in place is removed, within an hour even
// when the process ends before.
//
// Not thread-safe. Of two writers at the same time the last to finish counts.
//
//   RedisSeedWriter writer(client, keys);
//   RETURN_IF_ERROR(writer.Add(place, bytes));
//   RETURN_IF_ERROR(writer.Publish());
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "state/redis/redis_client.h"
#include "state/redis/redis_keys.h"

namespace shortlist {

class RedisSeedWriter {
 public:
  RedisSeedWriter(RedisClient& client, const RedisKeys& keys);
  ~RedisSeedWriter();
  RedisSeedWriter(const RedisSeedWriter&) = delete;
  RedisSeedWriter& operator=(const RedisSeedWriter&) = delete;

  // A user's seed; the first one counts. An error is for the whole of the writing.
  absl::Status Add(const RedisPlace& place, std::string bytes);
  // All partitions at once, without the users that are forgotten. UNAVAILABLE: new seeds were lost,
  // nothing was changed.
  absl::Status Publish();

 private:
  absl::Status Flush();

  RedisClient& client_;
  const RedisKeys& keys_;
  const std::string token_;  // Of the keys of this writer.
  std::vector<RedisCommand> pending_;
  std::vector<int> partitions_of_pending_;
  size_t pending_bytes_ = 0;
  std::array<int64_t, kRedisPartitions> written_{};  // Users, by partition.
  bool is_published_ = false;
};

}  // namespace shortlist
