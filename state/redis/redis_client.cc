#include "state/redis/redis_client.h"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status_macros.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

// What a request may wait for a new connection.
constexpr absl::Duration kConnectTimeout = absl::Milliseconds(100);
// How long nobody tries again; then one does while the others still go without.
constexpr absl::Duration kBackOff = absl::Milliseconds(100);
// Who gives nobody an answer for so long is away. A slow disk holds it up for less.
constexpr absl::Duration kSilence = absl::Milliseconds(250);

absl::StatusCode CodeOf(std::string_view error) {
  if (error.starts_with("OOM ") || error.find("No space left") != std::string_view::npos)
    return absl::StatusCode::kResourceExhausted;
  // It starts, is asked to save what it cannot, runs a long script, lost its primary, or became a
  // replica.
  for (const char* prefix :
       {"LOADING ", "MISCONF ", "BUSY ", "MASTERDOWN ", "READONLY ", "NOREPLICAS ", "CLUSTERDOWN ",
        "TRYAGAIN ", "ERR max number of clients"})
    if (error.starts_with(prefix)) return absl::StatusCode::kUnavailable;
  for (const char* prefix :
       {"NOAUTH ", "NOPERM ", "DENIED ", "MOVED ", "ASK ", "CROSSSLOT ", "WRONGTYPE "})
    if (error.starts_with(prefix)) return absl::StatusCode::kFailedPrecondition;
  return absl::StatusCode::kInternal;
}

absl::Status StatusOf(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_ERROR)
    return absl::Status(CodeOf(TextOf(reply)), AbslView(TextOf(reply)));
  for (size_t i = 0; i < reply.elements; ++i) RETURN_IF_ERROR(StatusOf(*reply.element[i]));
  return absl::OkStatus();
}

}  // namespace

RedisClient::RedisClient(std::string host, int port) : host_(std::move(host)), port_(port) {}

RedisClient::~RedisClient() = default;

absl::StatusOr<std::vector<RedisReply>> RedisClient::Run(std::span<const RedisCommand> commands,
                                                         absl::Duration timeout,
                                                         absl::Time deadline) {
  const absl::Time begin = absl::Now();
  if (begin >= deadline) return Error(absl::DeadlineExceededError("no time to ask"));
  bool is_trial = false;
  {
    std::lock_guard lock(mutex_);
    if (is_away_ && (is_tried_ || begin < retry_)) return Error(absl::UnavailableError("is away"));
    is_tried_ = is_trial = is_away_;
  }
  const absl::Time until = std::min(deadline, begin + timeout);
  absl::StatusOr<std::unique_ptr<RedisConnection>> connection = Connect(until);
  absl::StatusOr<std::vector<RedisReply>> replies =
      connection.ok() ? (*connection)->Run(commands, until)
                      : absl::StatusOr<std::vector<RedisReply>>(connection.status());
  const bool is_silent = absl::IsDeadlineExceeded(replies.status());
  {
    std::lock_guard lock(mutex_);
    if (is_trial) is_tried_ = false;
    if (replies.ok()) {
      is_away_ = false;
      silent_since_ = absl::InfiniteFuture();
      idle_.push_back(*std::move(connection));
    } else {
      const absl::Time now = absl::Now();
      if (is_silent) silent_since_ = std::min(silent_since_, begin);
      const bool cannot_connect = !connection.ok() && !is_silent;
      if (is_trial || cannot_connect || now - silent_since_ >= kSilence) {
        is_away_ = true;
        retry_ = now + kBackOff;
        idle_.clear();  // They are to the same host.
      }
    }
  }
  if (is_silent && until < deadline)
    return Error(
        absl::UnavailableError(absl::StrCat("no answer for ", absl::FormatDuration(timeout))));
  if (!replies.ok()) return Error(replies.status());
  for (const RedisReply& reply : *replies)
    if (absl::Status status = StatusOf(*reply); !status.ok()) return Error(status);
  return replies;
}

absl::Status RedisClient::Error(const absl::Status& status) const {
  return absl::Status(status.code(),
                      absl::StrCat("redis ", host_, ":", port_, ": ", status.message()));
}

absl::StatusOr<std::unique_ptr<RedisConnection>> RedisClient::Connect(absl::Time until) {
  {
    std::lock_guard lock(mutex_);
    while (!idle_.empty()) {
      std::unique_ptr<RedisConnection> connection = std::move(idle_.back());
      idle_.pop_back();
      if (connection->IsOpen()) return connection;
    }
  }
  const absl::Duration timeout = std::min(kConnectTimeout, until - absl::Now());
  if (timeout <= absl::ZeroDuration()) return absl::DeadlineExceededError("no time to connect");
  absl::StatusOr<std::unique_ptr<RedisConnection>> connection =
      RedisConnection::Open(host_, port_, timeout);
  if (connection.ok() || absl::Now() < until) return connection;
  return absl::DeadlineExceededError(connection.status().message());
}

}  // namespace shortlist
