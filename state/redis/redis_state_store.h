// The event log and user states in Redis (7.0 or later), for several processes on one or more
// machines. What Redis must be set to so that nothing is lost: docs/operations.md.
//
// Thread-safe. Every call names the Redis in its errors, and is UNAVAILABLE while that is away: at
// once, but for the call that finds it out or tries it again. It recovers by itself.
//
// A user's part of a batch is appended whole or not at all, and so is that of users of one
// partition (redis_keys.h) and the changes of items. After an error the rest may be there or not;
// to send the batch again completes it. Of changes of items the log holds those that still count.
// An event's id is known when an event of the same user or session has it.
//
//   ASSIGN_OR_RETURN(std::unique_ptr<RedisStateStore> store,
//                    RedisStateStore::Open("//127.0.0.1:6379", projection));
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "state/redis/redis_address.h"
#include "state/redis/redis_client.h"
#include "state/redis/redis_keys.h"
#include "state/redis/redis_log.h"
#include "state/state_projection.h"
#include "state/state_store.h"

namespace shortlist {

class RedisStateStore : public StateStore {
 public:
  // `where`: "//HOST:PORT[/PREFIX]". Nothing needs to be there. Logs a warning for each setting of
  // the Redis that may lose what was acknowledged. Errors are those of ParseRedisAddress, FindRisks
  // and RedisClient::Run.
  static absl::StatusOr<std::unique_ptr<RedisStateStore>> Open(const std::string& where,
                                                               StateProjection projection);

  using UserStateStore::Read;
  absl::StatusOr<bool> Read(std::string_view key, absl::Time deadline,
                            UserState& state) const override;
  absl::StatusOr<AppendResult> Append(std::span<const v1::LogEntry> entries) override;
  absl::Status ReadAll(
      const std::function<absl::Status(const v1::LogEntry&)>& visit) const override;
  absl::StatusOr<std::vector<std::string>> UserIds() const override;
  absl::Status ReplaceSeeds(const std::function<bool(UserState&)>& next) override;
  absl::Status VisitItemChanges(
      int64_t after,
      const std::function<absl::Status(int64_t position, const v1::ItemChange&)>& visit)
      const override;
  absl::Status Rebuild() override;
  // Has Redis rewrite its files, in which the user is until that is done; does not wait for it.
  absl::Status Forget(std::string_view user_id) override;
  absl::Status RemoveTombstones(absl::Time until) override;

 private:
  struct UserBatch;
  // By partition.
  using Batches = std::map<int, std::vector<UserBatch>>;

  RedisStateStore(const RedisAddress& address, StateProjection projection);

  // Reads what the store has of the batches' users and makes their changes from it.
  absl::Status Prepare(Batches& batches) const;
  absl::Status Prepare(const redisReply& version, const redisReply& known, UserBatch& batch) const;
  // Writes them, and leaves the batches of partitions that were changed meanwhile.
  absl::Status Write(Batches& batches, AppendResult& result);
  // Makes recorded parts anew, and leaves the users that were changed meanwhile.
  absl::Status TryRebuild(std::vector<RedisLoggedUser>& users);
  // Removes from the files what is no longer in the store.
  absl::Status RewriteFiles();
  // The recorded part of the bytes, or the seed.
  absl::Status Decode(std::string_view bytes, std::string_view key, UserState& state) const;
  absl::Status Encode(const UserState& state, std::string& bytes) const;

  const RedisKeys keys_;
  const StateProjection projection_;
  std::string write_script_;  // What Redis calls the script that writes.
  mutable RedisClient client_;
};

}  // namespace shortlist
