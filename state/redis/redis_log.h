// The event log as a state store in Redis keeps it (redis_keys.h): in the hash of each user, their
// entries by id, each with its number, which is its place among the user's.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "shortlist/v1/events.pb.h"
#include "state/redis/redis_client.h"
#include "state/redis/redis_keys.h"

namespace shortlist {

// The field of the hash that holds the recorded part; fields of entries have other names.
inline constexpr char kRedisStateField[] = "state";

// The version of a user with so many entries. No two are the same, even after the user was
// forgotten and begins again.
std::string MakeRedisVersion(int64_t entries);
// 0 for an empty version, that of a user without entries.
int64_t EntriesOfRedisVersion(std::string_view version);

// The field of an entry: the same for entries of the same id, which are one.
std::string RedisFieldOf(const v1::LogEntry& entry, int64_t number);
std::string RedisValueOf(const v1::LogEntry& entry, int64_t number);

struct RedisLoggedUser {
  RedisPlace place;
  std::string version;
};

struct RedisLoggedEntry {
  int64_t number = 0;
  v1::LogEntry entry;
};

// Visits the fields and values of hashes, several at the same time and some fields twice. `hash`:
// the place in `hashes`. Fields that come or go meanwhile are visited or not.
absl::Status ScanRedisHashes(RedisClient& client, const std::vector<std::string>& hashes,
                             const std::function<absl::Status(size_t hash, std::string_view field,
                                                              std::string_view value)>& visit);

// Every user of whom there are entries.
absl::StatusOr<std::vector<RedisLoggedUser>> ListLoggedUsers(RedisClient& client,
                                                             const RedisKeys& keys);

// By user, their entries up to those of their version, in the order of their numbers. DATA_LOSS
// names the key under which something else is found.
absl::StatusOr<std::vector<std::vector<RedisLoggedEntry>>> ReadLoggedEntries(
    RedisClient& client, const RedisKeys& keys, std::span<const RedisLoggedUser> users);

}  // namespace shortlist
