#include "state/redis/redis_item_changes.h"

#include <hiredis/hiredis.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/status_macros.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

constexpr absl::Duration kChangesTimeout = absl::Seconds(5);
// Read in one go.
constexpr size_t kChangesAtATime = 500;

// KEYS: the changes, their order, the last position. ARGV: each change's field and value. A value
// is stored behind its position. Numbers of a script are doubles, and exact until the year 2255.
constexpr char kAppend[] = R"(#!lua
local time = redis.call('TIME')
local position = math.max(tonumber(redis.call('GET', KEYS[3]) or '0'),
                          tonumber(time[1]) * 1000000 + tonumber(time[2]))
for i = 1, #ARGV, 2 do
  position = position + 1
  local text = string.format('%.0f', position)
  redis.call('HSET', KEYS[1], ARGV[i], text .. ':' .. ARGV[i + 1])
  redis.call('ZADD', KEYS[2], text, ARGV[i])
end
redis.call('SET', KEYS[3], string.format('%.0f', position))
)";

// A later change of the same field takes its place.
std::string FieldOf(const v1::ItemChange& change) {
  return (change.has_hidden_until_ms() ? "hides:" : "is:") + change.item_id();
}

// Of a stored value. The view is of the value.
std::pair<int64_t, std::string_view> SplitPosition(std::string_view value) {
  const size_t colon = value.find(':');
  int64_t position = 0;
  if (colon == std::string_view::npos ||
      !absl::SimpleAtoi(AbslView(value.substr(0, colon)), &position))
    return {};
  return {position, value.substr(colon + 1)};
}

}  // namespace

absl::Status AppendItemChanges(RedisClient& client, const RedisKeys& keys,
                               const std::vector<const v1::ItemChange*>& changes) {
  RedisCommand command{
      "EVAL", kAppend, "3", keys.ItemChanges(), keys.ItemOrder(), keys.ItemPosition()};
  for (const v1::ItemChange* change : changes) {
    command.push_back(FieldOf(*change));
    command.push_back(change->SerializeAsString());
  }
  return client.Run({&command, 1}, kChangesTimeout).status();
}

absl::Status VisitRedisItemChanges(
    RedisClient& client, const RedisKeys& keys, int64_t after,
    const std::function<absl::Status(int64_t, const v1::ItemChange&)>& visit) {
  while (true) {
    const RedisCommand order{"ZRANGEBYSCORE",
                             keys.ItemOrder(),
                             absl::StrCat("(", after),
                             "+inf",
                             "WITHSCORES",
                             "LIMIT",
                             "0",
                             absl::StrCat(kChangesAtATime)};
    ASSIGN_OR_RETURN(const std::vector<RedisReply> ordered,
                     client.Run({&order, 1}, kChangesTimeout));
    const redisReply& places = *ordered.front();
    if (places.elements < 2) return absl::OkStatus();
    RedisCommand get{"HMGET", keys.ItemChanges()};
    for (size_t i = 0; i < places.elements; i += 2) get.emplace_back(TextOf(*places.element[i]));
    ASSIGN_OR_RETURN(const std::vector<RedisReply> replies, client.Run({&get, 1}, kChangesTimeout));
    const redisReply& values = *replies.front();
    for (size_t i = 0; i < values.elements; ++i) {
      const auto [position, bytes] = SplitPosition(TextOf(*values.element[i]));
      int64_t place = 0;
      v1::ItemChange change;
      if (position == 0 ||
          !absl::SimpleAtoi(AbslView(TextOf(*places.element[2 * i + 1])), &place) ||
          !change.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return client.Error(absl::DataLossError(
            absl::StrCat(keys.ItemChanges(), " ", get[2 + i], ": is not a change of an item")));
      after = place;
      // One that was made meanwhile comes at its own place.
      if (position == place) RETURN_IF_ERROR(visit(position, change));
    }
  }
}

}  // namespace shortlist
