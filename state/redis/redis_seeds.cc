#include "state/redis/redis_seeds.h"

#include <hiredis/hiredis.h>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

constexpr absl::Duration kSeedTimeout = absl::Seconds(30);
constexpr size_t kMostPendingSeeds = 1'000;
constexpr size_t kMostPendingBytes = 4 << 20;
constexpr char kSecondsToLive[] = "3600";

// KEYS, of each partition: the seeds, the new ones, the forgotten users. ARGV, of each: how many
// new ones there should be. 0: they are not all there, and nothing is changed.
constexpr char kPublish[] = R"(#!lua
for i = 1, #ARGV do
  if redis.call('HLEN', KEYS[3 * i - 1]) ~= tonumber(ARGV[i]) then return 0 end
end
for i = 1, #ARGV do
  local seeds, new = KEYS[3 * i - 2], KEYS[3 * i - 1]
  for _, name in ipairs(redis.call('HKEYS', KEYS[3 * i])) do redis.call('HDEL', new, name) end
  redis.call('UNLINK', seeds)
  if redis.call('EXISTS', new) == 1 then
    redis.call('RENAME', new, seeds)
    redis.call('PERSIST', seeds)
  end
end
return 1
)";

}  // namespace

RedisSeedWriter::RedisSeedWriter(RedisClient& client, const RedisKeys& keys)
    : client_(client), keys_(keys), token_([] {
        absl::BitGen random;
        return absl::StrCat(absl::Hex(absl::Uniform<uint64_t>(random)));
      }()) {}

RedisSeedWriter::~RedisSeedWriter() {
  if (is_published_) return;
  RedisCommand command{"UNLINK"};
  for (int partition = 0; partition < kRedisPartitions; ++partition)
    command.push_back(keys_.NewSeeds(partition, token_));
  // When it cannot, they expire.
  (void)client_.Run({{command}}, kSeedTimeout);
}

absl::Status RedisSeedWriter::Add(const RedisPlace& place, std::string bytes) {
  pending_bytes_ += bytes.size();
  pending_.push_back(
      {"HSETNX", keys_.NewSeeds(place.partition, token_), place.name, std::move(bytes)});
  partitions_of_pending_.push_back(place.partition);
  if (pending_.size() < kMostPendingSeeds && pending_bytes_ < kMostPendingBytes)
    return absl::OkStatus();
  return Flush();
}

absl::Status RedisSeedWriter::Flush() {
  for (int partition = 0; partition < kRedisPartitions; ++partition)
    pending_.push_back({"EXPIRE", keys_.NewSeeds(partition, token_), kSecondsToLive});
  ASSIGN_OR_RETURN(const std::vector<RedisReply> replies, client_.Run(pending_, kSeedTimeout));
  for (size_t i = 0; i < partitions_of_pending_.size(); ++i)
    written_[static_cast<size_t>(partitions_of_pending_[i])] += replies[i]->integer;
  pending_.clear();
  partitions_of_pending_.clear();
  pending_bytes_ = 0;
  return absl::OkStatus();
}

absl::Status RedisSeedWriter::Publish() {
  RETURN_IF_ERROR(Flush());
  // In a cluster this would be a call for each partition.
  RedisCommand command{"EVAL", kPublish, absl::StrCat(3 * kRedisPartitions)};
  for (int partition = 0; partition < kRedisPartitions; ++partition) {
    command.push_back(keys_.Seeds(partition));
    command.push_back(keys_.NewSeeds(partition, token_));
    command.push_back(keys_.Forgotten(partition));
  }
  for (const int64_t users : written_) command.push_back(absl::StrCat(users));
  ASSIGN_OR_RETURN(const std::vector<RedisReply> replies, client_.Run({{command}}, kSeedTimeout));
  if (replies[0]->integer != 1)
    return client_.Error(absl::UnavailableError("lost new seeds while they were written"));
  is_published_ = true;
  return absl::OkStatus();
}

}  // namespace shortlist
