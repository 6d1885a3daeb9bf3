// What talks to one Redis: keeps connections, makes new ones when Redis was away, and says at once
// that it is away rather than have every caller wait for it.
//
// Thread-safe; each call has a connection of its own.
//
//   RedisClient client("127.0.0.1", 6379);
//   ASSIGN_OR_RETURN(const std::vector<RedisReply> replies,
//                    client.Run({{{"GET", "key"}}}, absl::Milliseconds(50)));
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "state/redis/redis_connection.h"

namespace shortlist {

class RedisClient {
 public:
  RedisClient(std::string host, int port);
  ~RedisClient();

  // Runs the commands in one round trip; replies are in their order, and none is an error: the
  // first that is, also within a reply, is returned as a status, though the other commands have
  // been run.
  //
  // DEADLINE_EXCEEDED: `deadline` passed. UNAVAILABLE: Redis is away, gave no answer for as long as
  // `timeout`, or cannot serve now; commands may have been run or not. RESOURCE_EXHAUSTED: it is
  // out of memory, or its disk is full. FAILED_PRECONDITION: it asks for a password, is a cluster,
  // or has something else under a key. All name HOST:PORT.
  absl::StatusOr<std::vector<RedisReply>> Run(std::span<const RedisCommand> commands,
                                              absl::Duration timeout,
                                              absl::Time deadline = absl::InfiniteFuture());

  // The same error, naming HOST:PORT.
  absl::Status Error(const absl::Status& status) const;

 private:
  // A connection to use before `until`. DEADLINE_EXCEEDED: there is none by then.
  absl::StatusOr<std::unique_ptr<RedisConnection>> Connect(absl::Time until);

  const std::string host_;
  const int port_;
  std::mutex mutex_;  // Guards all that follows.
  std::vector<std::unique_ptr<RedisConnection>> idle_;
  bool is_away_ = false;   // Calls fail at once, but for one that tries again after retry_.
  bool is_tried_ = false;  // That one is under way.
  absl::Time retry_ = absl::InfinitePast();
  absl::Time silent_since_ = absl::InfiniteFuture();  // The first call in vain since an answer.
};

}  // namespace shortlist
