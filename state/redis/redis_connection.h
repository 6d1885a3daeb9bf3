// One connection to Redis, in version 2 of its protocol. Not thread-safe.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

struct redisContext;
struct redisReply;

namespace shortlist {

// A command and its arguments: {"HGET", "key", "field"}.
using RedisCommand = std::vector<std::string>;

struct FreeRedisReply {
  void operator()(redisReply* reply) const;
};
using RedisReply = std::unique_ptr<redisReply, FreeRedisReply>;

// The bytes of a string; empty for nil and for anything else.
std::string_view TextOf(const redisReply& reply);

class RedisConnection {
 public:
  // UNAVAILABLE: nobody answers there, or not in time.
  static absl::StatusOr<std::unique_ptr<RedisConnection>> Open(const std::string& host, int port,
                                                               absl::Duration timeout);

  // False once the other side has closed it.
  bool IsOpen() const;

  // Sends the commands in one go and waits for their replies, which are in their order and may be
  // errors. UNAVAILABLE: the connection broke; DEADLINE_EXCEEDED. Unusable after an error: some of
  // the commands may have been run.
  absl::StatusOr<std::vector<RedisReply>> Run(std::span<const RedisCommand> commands,
                                              absl::Time deadline);

 private:
  struct FreeContext {
    void operator()(redisContext* context) const;
  };

  explicit RedisConnection(redisContext* context) : context_(context) {}
  absl::Status Send(std::string_view bytes, absl::Time deadline);
  absl::StatusOr<RedisReply> Receive(absl::Time deadline);
  // Until the socket is ready for `events` of poll.
  absl::Status Wait(short events, absl::Time deadline) const;

  std::unique_ptr<redisContext, FreeContext> context_;
};

}  // namespace shortlist
