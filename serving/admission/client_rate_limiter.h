// How many calls each client may make: a bucket of tokens for each, which fills at a constant rate,
// and of which a call takes one. Memory is bounded: where there are more clients than the bound,
// the one that was heard of least recently is forgotten, and has a full bucket when it comes again.
//
// Thread-safe; clients are spread over shards, each with a lock of its own that is held for the
// time of a look-up.
//
//   ClientRateLimiter limiter({.per_second = 100, .burst = 200});
//   const absl::Duration wait = limiter.Take("10.0.0.1", now);   // Zero: go on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"

namespace shortlist {

class ClientRateLimiter {
 public:
  struct Options {
    double per_second = 1;         // Above 0.
    double burst = 1;              // Tokens of a full bucket: 1 or more.
    size_t most_clients = 65'536;  // That are remembered, about 100 bytes each.
  };

  explicit ClientRateLimiter(const Options& options);

  // Takes a token of the client's: zero. Where it has none, how long until there is one; nothing is
  // taken then. `now` of one client should not go back.
  absl::Duration Take(std::string_view client, absl::Time now);

  size_t clients() const;

 private:
  static constexpr size_t kShards = 16;

  struct Bucket {
    uint64_t client;  // A hash of its name: two clients of one hash share a bucket.
    // When the bucket will be full, if nothing is taken.
    absl::Time full;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::list<Bucket> buckets;  // Least recently heard of first.
    absl::flat_hash_map<uint64_t, std::list<Bucket>::iterator> by_client;
  };

  const absl::Duration token_time_;  // In which one token comes in.
  const absl::Duration fill_time_;   // In which an empty bucket fills.
  const size_t most_in_shard_;
  std::array<Shard, kShards> shards_;
};

}  // namespace shortlist
