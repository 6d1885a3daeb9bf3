#include "state/redis/redis_connection.h"

#include <gtest/gtest.h>
#include <hiredis/hiredis.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "tests/support/redis_server.h"

namespace shortlist {
namespace {

constexpr absl::Duration kConnectionPatience = absl::Seconds(30);

std::unique_ptr<RedisConnection> Connect(const RedisServer& server) {
  return RedisConnection::Open("127.0.0.1", server.port(), kConnectionPatience).value();
}

TEST(RedisConnection, GivesTheRepliesInTheOrderOfTheCommands) {
  const RedisServer server;
  const auto connection = Connect(server);
  const std::string bytes("a\0b\r\n", 5);
  const RedisCommand commands[] = {{"SET", "key", bytes}, {"GET", "key"},
                                   {"GET", "nothing"},    {"STRLEN", "key"},
                                   {"LPUSH", "key", "x"}, {"MGET", "key", "nothing"}};
  const auto replies = connection->Run(commands, absl::Now() + kConnectionPatience).value();
  ASSERT_EQ(replies.size(), 6u);
  EXPECT_EQ(TextOf(*replies[0]), "OK");
  EXPECT_EQ(TextOf(*replies[1]), bytes);
  EXPECT_EQ(replies[2]->type, REDIS_REPLY_NIL);
  EXPECT_EQ(TextOf(*replies[2]), "");
  EXPECT_EQ(replies[3]->integer, 5);
  EXPECT_EQ(replies[4]->type, REDIS_REPLY_ERROR);
  EXPECT_TRUE(TextOf(*replies[4]).starts_with("WRONGTYPE "));
  ASSERT_EQ(replies[5]->elements, 2u);
  EXPECT_EQ(TextOf(*replies[5]->element[0]), bytes);
}

TEST(RedisConnection, CarriesMoreThanTheSocketHolds) {
  const RedisServer server;
  const auto connection = Connect(server);
  const std::string bytes(20 << 20, 'x');
  const RedisCommand commands[] = {{"SET", "key", bytes}, {"GET", "key"}, {"GET", "key"}};
  const auto replies = connection->Run(commands, absl::Now() + kConnectionPatience).value();
  EXPECT_EQ(TextOf(*replies[1]), bytes);
  EXPECT_EQ(TextOf(*replies[2]), bytes);
}

TEST(RedisConnection, WaitsUntilTheDeadlineAndNoLonger) {
  RedisServer server;
  const auto connection = Connect(server);
  server.Pause();
  EXPECT_EQ(connection->Run({{{"PING"}}}, absl::Now() + absl::Milliseconds(20)).status().code(),
            absl::StatusCode::kDeadlineExceeded);
  server.Resume();
}

TEST(RedisConnection, NoticesThatTheOtherSideIsGone) {
  RedisServer server;
  const auto connection = Connect(server);
  EXPECT_TRUE(connection->IsOpen());
  server.Kill();
  EXPECT_FALSE(connection->IsOpen());
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(connection->Run({{{"PING"}}}, absl::Now() + kConnectionPatience).status().code(),
              absl::StatusCode::kUnavailable);
  EXPECT_EQ(RedisConnection::Open("127.0.0.1", server.port(), kConnectionPatience).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(RedisConnection::Open("no.such.host.invalid", 1, kConnectionPatience).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace shortlist
