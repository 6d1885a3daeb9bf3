#include "state/redis/redis_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/redis_server.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> RisksWith(const std::vector<RedisCommand>& commands) {
  const RedisServer server;
  for (const RedisCommand& command : commands) server.Run(command);
  RedisClient client("127.0.0.1", server.port());
  return FindRisks(client).value();
}

TEST(RedisSettings, NameWhatMayBeLost) {
  EXPECT_THAT(RisksWith({}), IsEmpty());
  EXPECT_THAT(RisksWith({{"CONFIG", "SET", "appendfsync", "everysec"}}),
              ElementsAre(HasSubstr("appendfsync is \"everysec\"")));
  EXPECT_THAT(RisksWith({{"CONFIG", "SET", "no-appendfsync-on-rewrite", "yes"}}),
              ElementsAre(HasSubstr("no-appendfsync-on-rewrite is \"yes\"")));
  EXPECT_THAT(RisksWith({{"CONFIG", "SET", "appendonly", "no"},
                         {"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"}}),
              ElementsAre(HasSubstr("appendonly is not \"yes\""),
                          HasSubstr("maxmemory-policy is \"allkeys-lru\"")));
  EXPECT_THAT(RisksWith({{"ACL", "SETUSER", "default", "-config"}}),
              ElementsAre(HasSubstr("does not tell its settings")));
}

TEST(RedisSettings, AClusterIsRefused) {
  const RedisServer server({"--cluster-enabled", "yes"});
  RedisClient client("127.0.0.1", server.port());
  const absl::Status status = FindRisks(client).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("is part of a cluster"));
}

}  // namespace
}  // namespace shortlist
