#include "serving/admission/client_rate_limiter.h"

#include <algorithm>

#include "absl/hash/hash.h"

namespace shortlist {

ClientRateLimiter::ClientRateLimiter(const Options& options)
    : token_time_(absl::Seconds(1 / options.per_second)),
      fill_time_(token_time_ * options.burst),
      most_in_shard_(std::max<size_t>(1, options.most_clients / kShards)) {}

absl::Duration ClientRateLimiter::Take(std::string_view client, absl::Time now) {
  const uint64_t hash = absl::Hash<std::string_view>()(client);
  Shard& shard = shards_[hash % kShards];
  const std::lock_guard lock(shard.mutex);
  const auto [found, is_new] = shard.by_client.try_emplace(hash);
  if (is_new) {
    found->second = shard.buckets.insert(shard.buckets.end(), {.client = hash, .full = now});
    if (shard.buckets.size() > most_in_shard_) {
      shard.by_client.erase(shard.buckets.front().client);
      shard.buckets.pop_front();
    }
  } else {
    shard.buckets.splice(shard.buckets.end(), shard.buckets, found->second);
  }
  Bucket& bucket = shard.buckets.back();
  const absl::Time full = std::max(bucket.full, now) + token_time_;
  // A bucket that would be full later than an empty one has not had the token.
  if (const absl::Duration wait = full - (now + fill_time_); wait > absl::ZeroDuration())
    return wait;
  bucket.full = full;
  return absl::ZeroDuration();
}

size_t ClientRateLimiter::clients() const {
  size_t clients = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    clients += shard.buckets.size();
  }
  return clients;
}

}  // namespace shortlist
