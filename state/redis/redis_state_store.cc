#include "state/redis/redis_state_store.h"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "state/redis/redis_item_changes.h"
#include "state/redis/redis_seeds.h"
#include "state/redis/redis_settings.h"
#include "state/user_state_codec.h"

namespace shortlist {
namespace {

// A disk that is slow to flush what others write holds up reads, too.
constexpr absl::Duration kReadTimeout = absl::Seconds(1);
constexpr absl::Duration kWriteTimeout = absl::Seconds(5);
// Each failed one means that another's has succeeded.
constexpr int kMostAttempts = 100;
// Users whose entries are in memory at the same time.
constexpr size_t kUsersAtATime = 64;

// KEYS: the versions of a partition, then the hashes of users. ARGV, of each user: the name, the
// version that the changes were made for, the next version, how many fields they have, and each
// field with its value. 0: a version is another, and nothing is changed. (The first line has Redis
// refuse keys of several partitions in a cluster.)
constexpr char kWrite[] = R"(#!lua
local at = 1
for i = 2, #KEYS do
  if (redis.call('HGET', KEYS[1], ARGV[at]) or '') ~= ARGV[at + 1] then return 0 end
  at = at + 4 + 2 * tonumber(ARGV[at + 3])
end
at = 1
for i = 2, #KEYS do
  redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 2])
  local fields = tonumber(ARGV[at + 3])
  for field = at + 4, at + 2 + 2 * fields, 2 do
    redis.call('HSET', KEYS[i], ARGV[field], ARGV[field + 1])
  end
  at = at + 4 + 2 * fields
end
return 1
)";

// KEYS: of a user, and of their partition the versions, the seeds and the forgotten users. ARGV:
// the name and the time. Allowed when Redis is out of memory, as it makes room.
constexpr char kForget[] = R"(#!lua flags=allow-oom
redis.call('UNLINK', KEYS[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('HSET', KEYS[4], ARGV[1], ARGV[2])
)";

// KEYS: the forgotten users of a partition. ARGV: the time before which they are to be removed.
constexpr char kRemoveTombstones[] = R"(#!lua flags=allow-oom
local forgotten = redis.call('HGETALL', KEYS[1])
for i = 1, #forgotten, 2 do
  if tonumber(forgotten[i + 1]) < tonumber(ARGV[1]) then redis.call('HDEL', KEYS[1], forgotten[i]) end
end
)";

// One user's arguments of kWrite.
struct UserWrite {
  const RedisPlace* place;
  const std::string* version;
  const std::string* next_version;
  std::span<const std::pair<std::string, std::string>> fields;
};

// `writes` are of one partition. `script`: the name that Redis gave kWrite, which is loaded.
RedisCommand WriteCommand(const std::string& script, const RedisKeys& keys,
                          std::span<const UserWrite> writes) {
  RedisCommand command{"EVALSHA", script, absl::StrCat(1 + writes.size()),
                       keys.Versions(writes.front().place->partition)};
  for (const UserWrite& write : writes) command.push_back(keys.User(*write.place));
  for (const UserWrite& write : writes) {
    command.insert(command.end(), {write.place->name, *write.version, *write.next_version,
                                   absl::StrCat(write.fields.size())});
    for (const auto& [field, value] : write.fields) command.insert(command.end(), {field, value});
  }
  return command;
}

// First among commands that run kWrite, so that Redis has it, whatever it has lost since.
RedisCommand LoadWrite() { return {"SCRIPT", "LOAD", kWrite}; }

bool IsNil(const redisReply& reply) { return reply.type == REDIS_REPLY_NIL; }

}  // namespace

// What a batch says of one user.
struct RedisStateStore::UserBatch {
  std::string key;
  RedisPlace place;
  std::vector<const v1::LogEntry*> entries;
  // Made anew by each attempt.
  std::string version;
  std::string next_version;
  std::vector<std::pair<std::string, std::string>> fields;  // None: nothing to change.
  AppendResult result;
};

absl::StatusOr<std::unique_ptr<RedisStateStore>> RedisStateStore::Open(const std::string& where,
                                                                       StateProjection projection) {
  ASSIGN_OR_RETURN(const RedisAddress address, ParseRedisAddress(where));
  auto store =
      std::unique_ptr<RedisStateStore>(new RedisStateStore(address, std::move(projection)));
  ASSIGN_OR_RETURN(const std::vector<std::string> risks, FindRisks(store->client_));
  for (const std::string& risk : risks)
    LogWarning(absl::StrCat("redis ", address.host, ":", address.port, ": ", risk));
  const RedisCommand load[] = {LoadWrite()};
  ASSIGN_OR_RETURN(const std::vector<RedisReply> loaded, store->client_.Run(load, kWriteTimeout));
  store->write_script_ = TextOf(*loaded[0]);
  return store;
}

RedisStateStore::RedisStateStore(const RedisAddress& address, StateProjection projection)
    : keys_(address.prefix),
      projection_(std::move(projection)),
      client_(address.host, address.port) {}

absl::StatusOr<bool> RedisStateStore::Read(std::string_view key, absl::Time deadline,
                                           UserState& state) const {
  const RedisPlace place = PlaceOf(key);
  // No transaction: Redis takes none, not even of reads, while it is out of memory.
  const RedisCommand commands[] = {{"HGET", keys_.User(place), kRedisStateField},
                                   {"HGET", keys_.Seeds(place.partition), place.name},
                                   {"HEXISTS", keys_.Forgotten(place.partition), place.name}};
  ASSIGN_OR_RETURN(const std::vector<RedisReply> replies,
                   client_.Run(commands, kReadTimeout, deadline));
  const std::string_view recorded_bytes = TextOf(*replies[0]);
  UserState recorded;
  UserState seed;
  RETURN_IF_ERROR(Decode(recorded_bytes, key, recorded));
  RETURN_IF_ERROR(Decode(TextOf(*replies[1]), key, seed));
  recorded.is_forgotten = replies[2]->integer == 1;
  const bool known = !recorded_bytes.empty() || !IsNil(*replies[1]) || recorded.is_forgotten;
  if (known) state = Merge(std::move(seed), std::move(recorded));
  return known;
}

absl::StatusOr<AppendResult> RedisStateStore::Append(std::span<const v1::LogEntry> entries) {
  Batches batches;
  std::map<std::string, std::pair<int, size_t>> known_keys;
  std::vector<const v1::ItemChange*> item_changes;
  for (const v1::LogEntry& entry : entries) {
    if (entry.has_item()) {
      item_changes.push_back(&entry.item());
      continue;
    }
    std::string key = KeyOf(entry);
    const auto [found, is_new] = known_keys.try_emplace(key);
    if (is_new) {
      RedisPlace place = PlaceOf(key);
      std::vector<UserBatch>& of_partition = batches[place.partition];
      found->second = {place.partition, of_partition.size()};
      of_partition.push_back({.key = std::move(key), .place = std::move(place)});
    }
    batches[found->second.first][found->second.second].entries.push_back(&entry);
  }
  AppendResult result;
  if (!item_changes.empty()) {
    RETURN_IF_ERROR(AppendItemChanges(client_, keys_, item_changes));
    result.recorded += item_changes.size();
  }
  for (int attempt = 0; attempt < kMostAttempts && !batches.empty(); ++attempt) {
    RETURN_IF_ERROR(Prepare(batches));
    RETURN_IF_ERROR(Write(batches, result));
  }
  if (!batches.empty())
    return client_.Error(absl::UnavailableError("others keep changing the same users"));
  return result;
}

absl::Status RedisStateStore::Prepare(Batches& batches) const {
  std::vector<RedisCommand> commands;
  for (const auto& [partition, users] : batches) {
    for (const UserBatch& batch : users) {
      // First, so that what changes meanwhile is noticed.
      commands.push_back({"HGET", keys_.Versions(partition), batch.place.name});
      RedisCommand known{"HMGET", keys_.User(batch.place), kRedisStateField};
      for (const v1::LogEntry* entry : batch.entries)
        known.push_back(RedisFieldOf(*entry, /*number=*/0));
      commands.push_back(std::move(known));
    }
  }
  ASSIGN_OR_RETURN(const std::vector<RedisReply> replies, client_.Run(commands, kWriteTimeout));
  size_t next = 0;
  for (auto& [partition, users] : batches) {
    for (UserBatch& batch : users) {
      RETURN_IF_ERROR(Prepare(*replies[next], *replies[next + 1], batch));
      next += 2;
    }
  }
  return absl::OkStatus();
}

absl::Status RedisStateStore::Prepare(const redisReply& version, const redisReply& known,
                                      UserBatch& batch) const {
  if (known.elements != 1 + batch.entries.size())
    return client_.Error(absl::InternalError("HMGET gives what it should not"));
  UserState recorded;
  RETURN_IF_ERROR(Decode(TextOf(*known.element[0]), batch.key, recorded));
  batch.version = TextOf(version);
  batch.fields.clear();
  batch.result = {};
  int64_t number = EntriesOfRedisVersion(batch.version);
  std::set<std::string> fields;
  bool is_changed = false;
  for (size_t i = 0; i < batch.entries.size(); ++i) {
    const v1::LogEntry& entry = *batch.entries[i];
    std::string field = RedisFieldOf(entry, number + 1);
    if (!IsNil(*known.element[i + 1]) || !fields.insert(field).second) {
      ++batch.result.known;
      continue;
    }
    ++batch.result.recorded;
    batch.fields.emplace_back(std::move(field), RedisValueOf(entry, ++number));
    if (projection_.Changes(entry)) {
      projection_.Apply(entry, recorded);
      is_changed = true;
    }
  }
  if (is_changed) {
    std::string bytes;
    RETURN_IF_ERROR(Encode(recorded, bytes));
    batch.fields.emplace_back(kRedisStateField, std::move(bytes));
  }
  batch.next_version = MakeRedisVersion(number);
  return absl::OkStatus();
}

absl::Status RedisStateStore::Write(Batches& batches, AppendResult& result) {
  // Together, so that Redis waits for its disk once and not for each part of them that comes in.
  std::vector<RedisCommand> commands = {LoadWrite(), {"MULTI"}};
  std::vector<int> partitions;
  const auto finish = [&](int partition) {
    const auto done = batches.find(partition);
    for (const UserBatch& batch : done->second) {
      result.recorded += batch.result.recorded;
      result.known += batch.result.known;
    }
    batches.erase(done);
  };
  std::vector<int> unchanged;
  for (const auto& [partition, users] : batches) {
    std::vector<UserWrite> writes;
    for (const UserBatch& batch : users)
      if (!batch.fields.empty())
        writes.push_back({&batch.place, &batch.version, &batch.next_version, batch.fields});
    if (writes.empty()) {
      unchanged.push_back(partition);
    } else {
      commands.push_back(WriteCommand(write_script_, keys_, writes));
      partitions.push_back(partition);
    }
  }
  for (const int partition : unchanged) finish(partition);
  if (partitions.empty()) return absl::OkStatus();
  commands.push_back({"EXEC"});
  ASSIGN_OR_RETURN(const std::vector<RedisReply> replies, client_.Run(commands, kWriteTimeout));
  const redisReply& done = *replies.back();
  if (done.elements != partitions.size())
    return client_.Error(absl::InternalError("EXEC gives what it should not"));
  for (size_t i = 0; i < partitions.size(); ++i)
    if (done.element[i]->integer == 1) finish(partitions[i]);
  return absl::OkStatus();
}

absl::Status RedisStateStore::ReadAll(
    const std::function<absl::Status(const v1::LogEntry&)>& visit) const {
  v1::LogEntry item;
  RETURN_IF_ERROR(VisitItemChanges(0, [&](int64_t /*position*/, const v1::ItemChange& change) {
    *item.mutable_item() = change;
    return visit(item);
  }));
  ASSIGN_OR_RETURN(const std::vector<RedisLoggedUser> users, ListLoggedUsers(client_, keys_));
  for (size_t begin = 0; begin < users.size(); begin += kUsersAtATime) {
    const auto some =
        std::span(users).subspan(begin, std::min(kUsersAtATime, users.size() - begin));
    ASSIGN_OR_RETURN(const std::vector<std::vector<RedisLoggedEntry>> entries,
                     ReadLoggedEntries(client_, keys_, some));
    for (const std::vector<RedisLoggedEntry>& of_user : entries)
      for (const RedisLoggedEntry& logged : of_user) RETURN_IF_ERROR(visit(logged.entry));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> RedisStateStore::UserIds() const {
  std::set<std::string> ids;
  const auto add = [&](std::string_view bytes, const std::string& where) -> absl::Status {
    UserState state;
    if (!DecodeUserState(bytes, state))
      return client_.Error(absl::DataLossError(where + ": is not a user state"));
    if (!state.user_id.empty()) ids.insert(std::move(state.user_id));
    return absl::OkStatus();
  };
  std::vector<std::string> seeds;
  for (int partition = 0; partition < kRedisPartitions; ++partition)
    seeds.push_back(keys_.Seeds(partition));
  RETURN_IF_ERROR(ScanRedisHashes(
      client_, seeds, [&](size_t hash, std::string_view name, std::string_view value) {
        return add(value, absl::StrCat(seeds[hash], " ", AbslView(name)));
      }));
  ASSIGN_OR_RETURN(const std::vector<RedisLoggedUser> users, ListLoggedUsers(client_, keys_));
  for (size_t begin = 0; begin < users.size(); begin += kUsersAtATime) {
    const auto some =
        std::span(users).subspan(begin, std::min(kUsersAtATime, users.size() - begin));
    std::vector<RedisCommand> commands;
    for (const RedisLoggedUser& user : some)
      commands.push_back({"HGET", keys_.User(user.place), kRedisStateField});
    ASSIGN_OR_RETURN(const std::vector<RedisReply> replies, client_.Run(commands, kWriteTimeout));
    for (size_t i = 0; i < some.size(); ++i)
      RETURN_IF_ERROR(add(TextOf(*replies[i]), commands[i][1]));
  }
  return std::vector<std::string>(ids.begin(), ids.end());
}

absl::Status RedisStateStore::ReplaceSeeds(const std::function<bool(UserState&)>& next) {
  RedisSeedWriter writer(client_, keys_);
  for (UserState seed; next(seed); seed = {}) {
    if (seed.user_id.empty())
      return client_.Error(absl::InvalidArgumentError("a seed: user_id is empty"));
    std::string bytes;
    RETURN_IF_ERROR(Encode(seed, bytes));
    RETURN_IF_ERROR(writer.Add(PlaceOf(UserKey(seed.user_id)), std::move(bytes)));
  }
  return writer.Publish();
}

absl::Status RedisStateStore::VisitItemChanges(
    int64_t after, const std::function<absl::Status(int64_t, const v1::ItemChange&)>& visit) const {
  return VisitRedisItemChanges(client_, keys_, after, visit);
}

absl::Status RedisStateStore::Rebuild() {
  ASSIGN_OR_RETURN(const std::vector<RedisLoggedUser> all, ListLoggedUsers(client_, keys_));
  for (size_t begin = 0; begin < all.size(); begin += kUsersAtATime) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(begin);
    std::vector<RedisLoggedUser> users(
        first, first + static_cast<std::ptrdiff_t>(std::min(kUsersAtATime, all.size() - begin)));
    for (int attempt = 0; attempt < kMostAttempts && !users.empty(); ++attempt)
      RETURN_IF_ERROR(TryRebuild(users));
    if (!users.empty())
      return client_.Error(absl::UnavailableError("others keep changing the same users"));
  }
  return absl::OkStatus();
}

absl::Status RedisStateStore::TryRebuild(std::vector<RedisLoggedUser>& users) {
  std::vector<RedisCommand> commands;
  for (const RedisLoggedUser& user : users)
    commands.push_back({"HGET", keys_.Versions(user.place.partition), user.place.name});
  ASSIGN_OR_RETURN(const std::vector<RedisReply> versions, client_.Run(commands, kWriteTimeout));
  for (size_t i = 0; i < users.size(); ++i) users[i].version = TextOf(*versions[i]);
  // Those forgotten meanwhile.
  std::erase_if(users, [](const RedisLoggedUser& user) { return user.version.empty(); });
  if (users.empty()) return absl::OkStatus();

  ASSIGN_OR_RETURN(const std::vector<std::vector<RedisLoggedEntry>> entries,
                   ReadLoggedEntries(client_, keys_, users));
  commands = {LoadWrite()};
  for (size_t i = 0; i < users.size(); ++i) {
    UserState recorded;
    bool is_changed = false;
    for (const RedisLoggedEntry& logged : entries[i]) {
      if (!projection_.Changes(logged.entry)) continue;
      projection_.Apply(logged.entry, recorded);
      is_changed = true;
    }
    std::string bytes;  // Empty where nothing is known.
    if (is_changed) RETURN_IF_ERROR(Encode(recorded, bytes));
    const std::pair<std::string, std::string> fields[] = {{kRedisStateField, std::move(bytes)}};
    const std::string next_version = MakeRedisVersion(EntriesOfRedisVersion(users[i].version));
    const UserWrite writes[] = {{&users[i].place, &users[i].version, &next_version, fields}};
    commands.push_back(WriteCommand(write_script_, keys_, writes));
  }
  ASSIGN_OR_RETURN(const std::vector<RedisReply> replies, client_.Run(commands, kWriteTimeout));
  std::vector<RedisLoggedUser> left;
  for (size_t i = 0; i < users.size(); ++i)
    if (replies[1 + i]->integer != 1) left.push_back(std::move(users[i]));
  users = std::move(left);
  return absl::OkStatus();
}

absl::Status RedisStateStore::Forget(std::string_view user_id) {
  const RedisPlace place = PlaceOf(UserKey(user_id));
  const RedisCommand commands[] = {{"EVAL", kForget, "4", keys_.User(place),
                                    keys_.Versions(place.partition), keys_.Seeds(place.partition),
                                    keys_.Forgotten(place.partition), place.name,
                                    absl::StrCat(absl::ToUnixMillis(absl::Now()))}};
  RETURN_IF_ERROR(client_.Run(commands, kWriteTimeout).status());
  if (const absl::Status status = RewriteFiles(); !status.ok())
    LogWarning(
        absl::StrCat("a user who was forgotten is in the files of Redis until it rewrites "
                     "them, which it does not do now; run BGREWRITEAOF later: ",
                     status.message()));
  return absl::OkStatus();
}

absl::Status RedisStateStore::RemoveTombstones(absl::Time until) {
  std::vector<RedisCommand> commands;
  for (int partition = 0; partition < kRedisPartitions; ++partition)
    commands.push_back({"EVAL", kRemoveTombstones, "1", keys_.Forgotten(partition),
                        absl::StrCat(absl::ToUnixMillis(until))});
  return client_.Run(commands, kWriteTimeout).status();
}

absl::Status RedisStateStore::RewriteFiles() {
  const RedisCommand questions[] = {{"CONFIG", "GET", "appendonly"}, {"CONFIG", "GET", "save"}};
  ASSIGN_OR_RETURN(const std::vector<RedisReply> replies, client_.Run(questions, kWriteTimeout));
  const auto value = [&](size_t i) {
    return replies[i]->elements == 2 ? TextOf(*replies[i]->element[1]) : std::string_view();
  };
  std::vector<RedisCommand> commands;
  if (value(0) == "yes") commands.push_back({"BGREWRITEAOF"});
  if (!value(1).empty()) commands.push_back({"BGSAVE", "SCHEDULE"});
  return commands.empty() ? absl::OkStatus() : client_.Run(commands, kWriteTimeout).status();
}

absl::Status RedisStateStore::Decode(std::string_view bytes, std::string_view key,
                                     UserState& state) const {
  if (DecodeUserState(bytes, state)) return absl::OkStatus();
  return client_.Error(absl::DataLossError(absl::StrCat(
      "the state of ", IsUserKey(key) ? "user " : "session ", AbslView(IdOf(key)), " is damaged")));
}

absl::Status RedisStateStore::Encode(const UserState& state, std::string& bytes) const {
  if (EncodeUserState(state, bytes)) return absl::OkStatus();
  return client_.Error(absl::InvalidArgumentError(
      absl::StrCat("the state of user ", state.user_id, " is too large or not UTF-8")));
}

}  // namespace shortlist
