#include "state/redis/redis_log.h"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <functional>

#include "absl/random/random.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

constexpr absl::Duration kLogTimeout = absl::Seconds(10);
// Fields that a step of a scan looks at, about.
constexpr char kStep[] = "1000";

// Reads what RedisValueOf wrote; false for anything else.
bool ParseEntry(std::string_view value, RedisLoggedEntry& entry) {
  const size_t space = value.find(' ');
  if (space == std::string_view::npos) return false;
  const std::string_view bytes = value.substr(space + 1);
  return absl::SimpleAtoi(AbslView(value.substr(0, space)), &entry.number) &&
         entry.entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace

std::string MakeRedisVersion(int64_t entries) {
  absl::BitGen random;
  return absl::StrCat(entries, "-", absl::Hex(absl::Uniform<uint64_t>(random)));
}

int64_t EntriesOfRedisVersion(std::string_view version) {
  int64_t entries = 0;
  if (!absl::SimpleAtoi(AbslView(version.substr(0, version.find('-'))), &entries)) return 0;
  return entries;
}

std::string RedisFieldOf(const v1::LogEntry& entry, int64_t number) {
  if (entry.has_event()) return "event:" + entry.event().event_id();
  if (entry.has_answer() && !entry.answer().request_id().empty())
    return "answer:" + entry.answer().request_id();
  return absl::StrCat("entry:", number);
}

std::string RedisValueOf(const v1::LogEntry& entry, int64_t number) {
  return absl::StrCat(number, " ", entry.SerializeAsString());
}

absl::Status ScanRedisHashes(RedisClient& client, const std::vector<std::string>& hashes,
                             const std::function<absl::Status(size_t hash, std::string_view field,
                                                              std::string_view value)>& visit) {
  std::vector<std::string> cursors(hashes.size(), "0");
  std::vector<size_t> open(hashes.size());
  for (size_t i = 0; i < open.size(); ++i) open[i] = i;
  while (!open.empty()) {
    std::vector<RedisCommand> commands;
    for (const size_t i : open)
      commands.push_back({"HSCAN", hashes[i], cursors[i], "COUNT", kStep});
    ASSIGN_OR_RETURN(const std::vector<RedisReply> replies, client.Run(commands, kLogTimeout));
    for (size_t c = 0; c < open.size(); ++c) {
      const redisReply& reply = *replies[c];
      if (reply.elements != 2)
        return client.Error(absl::InternalError("HSCAN gives what it should not"));
      cursors[open[c]] = TextOf(*reply.element[0]);
      const redisReply& pairs = *reply.element[1];
      for (size_t p = 0; p + 1 < pairs.elements; p += 2)
        RETURN_IF_ERROR(visit(open[c], TextOf(*pairs.element[p]), TextOf(*pairs.element[p + 1])));
    }
    std::erase_if(open, [&](size_t i) { return cursors[i] == "0"; });
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<RedisLoggedUser>> ListLoggedUsers(RedisClient& client,
                                                             const RedisKeys& keys) {
  std::vector<std::string> hashes;
  for (int partition = 0; partition < kRedisPartitions; ++partition)
    hashes.push_back(keys.Versions(partition));
  std::vector<RedisLoggedUser> users;
  RETURN_IF_ERROR(ScanRedisHashes(
      client, hashes, [&](size_t hash, std::string_view field, std::string_view value) {
        users.push_back({.place = {.name = std::string(field), .partition = static_cast<int>(hash)},
                         .version = std::string(value)});
        return absl::OkStatus();
      }));
  const auto name = [](const RedisLoggedUser& user) -> const std::string& {
    return user.place.name;
  };
  std::ranges::sort(users, {}, name);
  const auto is_same = [&](const auto& a, const auto& b) { return name(a) == name(b); };
  users.erase(std::unique(users.begin(), users.end(), is_same), users.end());
  return users;
}

absl::StatusOr<std::vector<std::vector<RedisLoggedEntry>>> ReadLoggedEntries(
    RedisClient& client, const RedisKeys& keys, std::span<const RedisLoggedUser> users) {
  std::vector<std::string> hashes;
  for (const RedisLoggedUser& user : users) hashes.push_back(keys.User(user.place));
  std::vector<std::vector<RedisLoggedEntry>> entries(users.size());
  RETURN_IF_ERROR(ScanRedisHashes(
      client, hashes,
      [&](size_t user, std::string_view field, std::string_view value) -> absl::Status {
        if (field == kRedisStateField) return absl::OkStatus();
        RedisLoggedEntry entry;
        if (!ParseEntry(value, entry))
          return client.Error(absl::DataLossError(
              absl::StrCat(hashes[user], " ", AbslView(field), ": is not an entry of the log")));
        if (entry.number <= EntriesOfRedisVersion(users[user].version))
          entries[user].push_back(std::move(entry));
        return absl::OkStatus();
      }));
  for (std::vector<RedisLoggedEntry>& of_user : entries) {
    std::ranges::sort(of_user, {}, &RedisLoggedEntry::number);
    const auto is_same = [](const auto& a, const auto& b) { return a.number == b.number; };
    of_user.erase(std::unique(of_user.begin(), of_user.end(), is_same), of_user.end());
  }
  return entries;
}

}  // namespace shortlist
