#include "state/redis/redis_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hiredis/hiredis.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "tests/support/redis_server.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(30);

absl::Status Ping(RedisClient& client) { return client.Run({{{"PING"}}}, kPatience).status(); }

// Waits until it answers again.
void AwaitAnswer(RedisClient& client) {
  const absl::Time end = absl::Now() + kPatience;
  while (!Ping(client).ok() && absl::Now() < end) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_TRUE(Ping(client).ok());
}

TEST(RedisClient, ReturnsTheFirstErrorAndKeepsTheOrderOfReplies) {
  const RedisServer server;
  RedisClient client("127.0.0.1", server.port());
  const RedisCommand commands[] = {{"SET", "key", "a"}, {"LPUSH", "key", "x"}, {"NOTHING"}};
  const absl::Status status = client.Run(commands, kPatience).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("redis 127.0.0.1:" + std::to_string(server.port()) + ": WRONGTYPE"));
  EXPECT_EQ(TextOf(*client.Run({{{"GET", "key"}}}, kPatience).value()[0]), "a");
  // Within a reply.
  const RedisCommand transaction[] = {{"MULTI"}, {"LPUSH", "key", "x"}, {"EXEC"}};
  EXPECT_EQ(client.Run(transaction, kPatience).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(RedisClient, ServesManyThreads) {
  const RedisServer server;
  RedisClient client("127.0.0.1", server.port());
  std::atomic<int> wrong = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const std::string text = std::to_string(t) + " " + std::to_string(i);
        const auto replies = client.Run({{{"ECHO", text}}}, kPatience);
        if (!replies.ok() || TextOf(*replies->front()) != text) ++wrong;
      }
    });
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST(RedisClient, SaysAtOnceThatRedisIsAwayAndFindsItAgain) {
  RedisServer server;
  RedisClient client("127.0.0.1", server.port());
  ASSERT_TRUE(Ping(client).ok());
  server.Kill();
  EXPECT_EQ(Ping(client).code(), absl::StatusCode::kUnavailable);
  server.Start();
  AwaitAnswer(client);
}

TEST(RedisClient, AConnectionOfBeforeARestartIsNotUsedAgain) {
  RedisServer server;
  RedisClient client("127.0.0.1", server.port());
  ASSERT_TRUE(Ping(client).ok());
  server.Stop();
  server.Start();
  EXPECT_TRUE(Ping(client).ok());
}

TEST(RedisClient, WaitsForOneThatHangsOnlyOnce) {
  RedisServer server;
  RedisClient client("127.0.0.1", server.port());
  ASSERT_TRUE(Ping(client).ok());
  server.Pause();
  const absl::Status slow = client.Run({{{"PING"}}}, absl::Milliseconds(300)).status();
  EXPECT_EQ(slow.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(slow.message()), HasSubstr("no answer for 300ms"));
  // It would wait for kPatience.
  const absl::Status next = Ping(client);
  EXPECT_EQ(next.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(next.message()), HasSubstr("is away"));
  server.Resume();
  AwaitAnswer(client);
}

TEST(RedisClient, AShortWaitInVainIsNoSignThatRedisIsAwayButManyAre) {
  RedisServer server;
  RedisClient client("127.0.0.1", server.port());
  ASSERT_TRUE(Ping(client).ok());
  const auto ask = [&](absl::Time deadline) {
    return client.Run({{{"PING"}}}, kPatience, deadline).status().code();
  };
  EXPECT_EQ(ask(absl::InfinitePast()), absl::StatusCode::kDeadlineExceeded);
  server.Pause();
  EXPECT_EQ(ask(absl::Now() + absl::Milliseconds(5)), absl::StatusCode::kDeadlineExceeded);
  server.Resume();
  EXPECT_TRUE(Ping(client).ok());
  server.Pause();
  const absl::Time end = absl::Now() + kPatience;
  absl::StatusCode code = absl::StatusCode::kDeadlineExceeded;
  while (code == absl::StatusCode::kDeadlineExceeded && absl::Now() < end)
    code = ask(absl::Now() + absl::Milliseconds(20));
  EXPECT_EQ(code, absl::StatusCode::kUnavailable);
  server.Resume();
  AwaitAnswer(client);
}

TEST(RedisClient, TellsWhatIsTheMatterByTheCode) {
  const RedisServer server;
  RedisClient client("127.0.0.1", server.port());
  const auto code = [](RedisClient& asked, const RedisCommand& command) {
    return asked.Run({{command}}, kPatience).status().code();
  };
  server.Run({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_EQ(code(client, {"SET", "other", "x"}), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code(client, {"EVAL", "#!lua\nredis.call('SET', KEYS[1], 'x')", "1", "other"}),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code(client, {"NOTHING"}), absl::StatusCode::kInternal);
  server.Run({"REPLICAOF", "127.0.0.1", "1"});
  EXPECT_EQ(code(client, {"DEL", "key"}), absl::StatusCode::kUnavailable);
  server.Run({"CONFIG", "SET", "requirepass", "secret"});
  RedisClient stranger("127.0.0.1", server.port());
  EXPECT_EQ(code(stranger, {"PING"}), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace shortlist
