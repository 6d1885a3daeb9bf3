#include "state/redis/redis_state_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "state/state_stores.h"
#include "tests/state/killed_appends.h"
#include "tests/state/state_store_contract.h"
#include "tests/support/captured_log.h"
#include "tests/support/redis_server.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr absl::Duration kPatience = absl::Seconds(60);

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kRounds = 1'000;
#else
constexpr int kRounds = 10'000;
#endif

// At a time like those of real events.
v1::LogEntry Click(const std::string& user, const std::string& event_id,
                   const std::string& item = "i") {
  return EventEntry(event_id, user, item, 1'700'000'000'000);
}

class RedisStatePlace : public StatePlace {
 public:
  std::unique_ptr<StateStore> Open(const StateProjection& projection) override {
    return OpenStateStore(server_.url(), projection, IfMissing::kFail).value();
  }

 private:
  const RedisServer server_;
};

std::unique_ptr<StatePlace> MakeRedisPlace() { return std::make_unique<RedisStatePlace>(); }

INSTANTIATE_TEST_SUITE_P(Redis, StateStoreContract, testing::Values(&MakeRedisPlace));

std::unique_ptr<RedisStateStore> Open(const RedisServer& server, const std::string& prefix = "t") {
  auto store =
      RedisStateStore::Open(server.url().substr(6) + "/" + prefix, StateProjection(EventWorth()));
  EXPECT_TRUE(store.ok()) << store.status();
  return *std::move(store);
}

AppendResult Append(RedisStateStore& store, const std::vector<v1::LogEntry>& entries) {
  const absl::StatusOr<AppendResult> result = store.Append(entries);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.value_or(AppendResult());
}

std::vector<std::string> ItemsOf(const RedisStateStore& store, const std::string& user) {
  UserState state;
  EXPECT_TRUE(store.Read(UserKey(user), state).ok());
  std::vector<std::string> items;
  for (const Interaction& interaction : state.history) items.push_back(interaction.item_id);
  return items;
}

// By id, how often an event is in the log.
std::map<std::string, int> EventsOf(const RedisStateStore& store) {
  std::map<std::string, int> events;
  EXPECT_TRUE(store
                  .ReadAll([&](const v1::LogEntry& entry) {
                    ++events[entry.event().event_id()];
                    return absl::OkStatus();
                  })
                  .ok());
  return events;
}

TEST(RedisStateStore, WritesThoughRedisHasLostItsScripts) {
  const RedisServer server;
  const auto store = Open(server);
  ASSERT_EQ(Append(*store, {Click("42", "e1", "a")}).recorded, 1u);
  server.Run({"SCRIPT", "FLUSH"});
  ASSERT_EQ(Append(*store, {Click("42", "e2", "b"), Click("43", "e3", "b")}).recorded, 2u);
  server.Run({"SCRIPT", "FLUSH"});
  ASSERT_TRUE(store->Rebuild().ok());
  EXPECT_THAT(ItemsOf(*store, "42"), testing::UnorderedElementsAre("a", "b"));
}

TEST(RedisStateStore, KeepsItsLogWholeAndSaysSo) {
  const RedisServer server;
  EXPECT_EQ(Open(server)->SetRetention({}).code(), absl::StatusCode::kUnimplemented);
}

TEST(RedisStateStore, OpenNamesWhatItCannotUse) {
  const StateProjection projection{EventWorth()};
  EXPECT_EQ(RedisStateStore::Open("//localhost", projection).status().code(),
            absl::StatusCode::kInvalidArgument);
  RedisServer server;
  server.Kill();
  const absl::Status away = RedisStateStore::Open(server.url().substr(6), projection).status();
  EXPECT_EQ(away.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(away.message()), HasSubstr(":" + std::to_string(server.port())));
}

TEST(RedisStateStore, OpenWarnsOfSettingsThatLose) {
  const RedisServer server;
  {
    const CapturedLog log;
    Open(server);
    EXPECT_EQ(log.text(), "");
  }
  server.Run({"CONFIG", "SET", "appendfsync", "everysec"});
  const CapturedLog log;
  Open(server);
  EXPECT_THAT(log.text(), HasSubstr("appendfsync is \"everysec\""));
}

TEST(RedisStateStore, StoresOfDifferentPrefixesAreApart) {
  const RedisServer server;
  const auto a = Open(server, "a");
  const auto b = Open(server, "b");
  Append(*a, {Click("42", "e1")});
  EXPECT_EQ(ItemsOf(*a, "42").size(), 1u);
  EXPECT_THAT(ItemsOf(*b, "42"), IsEmpty());
  EXPECT_THAT(EventsOf(*b), IsEmpty());
}

TEST(RedisStateStore, ABatchOverManyPartitionsIsRecordedOnceHoweverOftenItIsSent) {
  const RedisServer server;
  const auto store = Open(server);
  std::vector<v1::LogEntry> batch;
  for (int i = 0; i < 500; ++i)
    batch.push_back(Click(std::to_string(i % 300), "e" + std::to_string(i)));
  // A part of it, as when the first attempt broke off.
  Append(*store, {batch.begin(), batch.begin() + 100});
  const AppendResult second = Append(*store, batch);
  EXPECT_EQ(second.recorded, 400u);
  EXPECT_EQ(second.known, 100u);
  const AppendResult third = Append(*store, batch);
  EXPECT_EQ(third.recorded, 0u);
  EXPECT_EQ(third.known, 500u);
  const std::map<std::string, int> events = EventsOf(*store);
  EXPECT_EQ(events.size(), 500u);
  for (const auto& [id, times] : events) EXPECT_EQ(times, 1) << id;
}

TEST(RedisStateStore, NumbersSurviveInFull) {
  const RedisServer server;
  const auto store = Open(server);
  v1::LogEntry entry = Click("42", "e");
  entry.mutable_event()->set_time_ms(9'007'199'254'740'993);  // 2^53 + 1.
  entry.mutable_event()->set_dwell_ms(INT64_MAX - 1);
  Append(*store, {entry});
  std::vector<v1::LogEntry> read;
  ASSERT_TRUE(store
                  ->ReadAll([&](const v1::LogEntry& logged) {
                    read.push_back(logged);
                    return absl::OkStatus();
                  })
                  .ok());
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].SerializeAsString(), entry.SerializeAsString());
  UserState state;
  ASSERT_TRUE(store->Read(UserKey("42"), state).value());
  EXPECT_EQ(state.history[0].time_ms, 9'007'199'254'740'993);
}

TEST(RedisStateStore, ManyWritersOfOneUserLoseNothing) {
  const RedisServer server;
  const auto a = Open(server);
  const auto b = Open(server);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string id = std::to_string(t) + "-" + std::to_string(i);
        EXPECT_EQ(Append(t % 2 == 0 ? *a : *b, {Click("42", id, id)}).recorded, 1u);
      }
    });
  threads.clear();
  EXPECT_EQ(EventsOf(*a).size(), 200u);
  const std::vector<std::string> items = ItemsOf(*b, "42");
  EXPECT_EQ(std::set<std::string>(items.begin(), items.end()).size(), 200u);
}

TEST(RedisStateStore, WritersOfTheSameEventsRecordEachOnce) {
  const RedisServer server;
  const auto a = Open(server);
  const auto b = Open(server);
  std::atomic<size_t> recorded = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i)
        recorded += Append(t % 2 == 0 ? *a : *b, {Click("42", std::to_string(i))}).recorded;
    });
  threads.clear();
  EXPECT_EQ(recorded, 50u);
}

// The other process of the next test: for each line "USER ITEM" it reads, and answers whether the
// item is the user's last, then records one more and answers with it.
[[noreturn]] void ServeOtherProcess(const RedisServer& server, int socket) {
  const auto store = Open(server);
  char request[64];
  for (int i = 0; ::recv(socket, request, sizeof request, 0) == sizeof request; ++i) {
    std::string user, item;
    std::istringstream(std::string(request)) >> user >> item;
    const std::vector<std::string> items = ItemsOf(*store, user);
    const bool is_there = !items.empty() && items.back() == item;
    const std::string id = "b" + std::to_string(i);
    const bool is_recorded = store->Append(std::vector{Click(user, id, id)}).ok();
    char reply[64] = {};
    id.copy(reply, sizeof reply - 1);
    if (!is_there || !is_recorded) reply[0] = '!';
    if (::send(socket, reply, sizeof reply, MSG_NOSIGNAL) != sizeof reply) break;
  }
  ::_exit(0);
}

TEST(RedisStateStore, WhatOneProcessHasRecordedTheOtherReads) {
  const RedisServer server({"--appendfsync", "everysec"});  // Ten times as fast.
  int sockets[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::close(sockets[0]);
    ServeOtherProcess(server, sockets[1]);
  }
  ::close(sockets[1]);
  const auto store = Open(server);
  std::mt19937 random(1);
  for (int i = 0; i < kRounds / 2; ++i) {
    const std::string user = std::to_string(random() % 200);
    const std::string id = "a" + std::to_string(i);
    ASSERT_EQ(Append(*store, {Click(user, id, id)}).recorded, 1u);
    char message[64] = {};
    (user + " " + id).copy(message, sizeof message - 1);
    ASSERT_EQ(::send(sockets[0], message, sizeof message, MSG_NOSIGNAL),
              static_cast<ssize_t>(sizeof message));
    ASSERT_EQ(::recv(sockets[0], message, sizeof message, 0), static_cast<ssize_t>(sizeof message));
    ASSERT_EQ(ItemsOf(*store, user).back(), message) << "round " << i;
  }
  ::close(sockets[0]);
  ::waitpid(child, nullptr, 0);
}

TEST(RedisStateStore, WhatWasAcknowledgedOutlivesAKillInMidLoad) {
  RedisServer server;
  const auto store = Open(server);
  constexpr int kThreads = 4;
  constexpr int kBatches = 300;
  std::atomic<int> acknowledged = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kBatches; ++i) {
        std::vector<v1::LogEntry> batch;
        for (int e = 0; e < 5; ++e) {
          const std::string id =
              std::to_string(t) + "-" + std::to_string(i) + "-" + std::to_string(e);
          batch.push_back(Click(std::to_string((7 * t + 3 * i + e) % 50), id, id));
        }
        // As a client does: the same again until it is acknowledged.
        const absl::Time end = absl::Now() + kPatience;
        while (!store->Append(batch).ok() && absl::Now() < end) std::this_thread::yield();
        ++acknowledged;
      }
    });
  for (const int until : {200, 500, 800}) {
    while (acknowledged < until) std::this_thread::yield();
    server.Kill();
    server.Start();
  }
  threads.clear();
  server.Kill();
  server.Start();
  const auto after = Open(server);
  const std::map<std::string, int> events = EventsOf(*after);
  EXPECT_EQ(events.size(), static_cast<size_t>(kThreads * kBatches * 5));
  for (const auto& [id, times] : events) EXPECT_EQ(times, 1) << id;
  size_t interactions = 0;
  for (int user = 0; user < 50; ++user) {
    const std::vector<std::string> items = ItemsOf(*after, std::to_string(user));
    interactions += std::set<std::string>(items.begin(), items.end()).size();
  }
  EXPECT_EQ(interactions, events.size());
}

TEST(RedisStateStore, NothingAcknowledgedIsLostWhereverAProcessIsKilled) {
  const RedisServer server;
  KillAppendsAndCheck(APPEND_UNTIL_KILLED, server.url(), /*rounds=*/4, /*seed=*/1);
}

TEST(RedisStateStore, OutOfMemoryChangesNothingAndSaysSo) {
  const RedisServer server;
  const auto store = Open(server);
  Append(*store, {Click("42", "e1", "first")});
  server.Run({"CONFIG", "SET", "maxmemory", "1"});
  const absl::Status status =
      store->Append(std::vector{Click("42", "e2"), Click("43", "e3")}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_EQ(store
                ->ReplaceSeeds([left = 1](UserState& seed) mutable {
                  seed.user_id = "1";
                  return left-- > 0;
                })
                .code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(ItemsOf(*store, "42"), ::testing::ElementsAre("first"));
  EXPECT_TRUE(store->Forget("42").ok());
  EXPECT_THAT(ItemsOf(*store, "42"), IsEmpty());
  server.Run({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_EQ(Append(*store, {Click("42", "e2"), Click("43", "e3")}).recorded, 2u);
}

// What is on the disk of the server.
std::string FilesOf(const RedisServer& server) {
  std::ostringstream bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(server.folder()))
    if (entry.is_regular_file()) bytes << std::ifstream(entry.path()).rdbuf();
  return bytes.str();
}

void AwaitRewrite(const RedisServer& server) {
  const auto is_done = [&] {
    const std::string info = server.Run({"INFO", "persistence"}).front();
    return info.find("aof_rewrite_in_progress:0") != std::string::npos &&
           info.find("aof_rewrite_scheduled:0") != std::string::npos;
  };
  const absl::Time end = absl::Now() + kPatience;
  while (!is_done() && absl::Now() < end) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_TRUE(is_done());
}

TEST(RedisStateStore, NothingOfAForgottenUserIsLeftInKeysOrFiles) {
  const RedisServer server({"--rdbcompression", "no"});
  const auto store = Open(server);
  const std::string id = "the-user-who-leaves";
  Append(*store, {Click(id, id + "-event"), Click("who-stays", "e2")});
  ASSERT_TRUE(store
                  ->ReplaceSeeds([&, left = 1](UserState& seed) mutable {
                    seed.user_id = id;
                    return left-- > 0;
                  })
                  .ok());
  AwaitRewrite(server);
  EXPECT_THAT(FilesOf(server), HasSubstr(id));
  ASSERT_TRUE(store->Forget(id).ok());
  AwaitRewrite(server);
  EXPECT_THAT(FilesOf(server), Not(HasSubstr(id)));
  EXPECT_THAT(FilesOf(server), HasSubstr("who-stays"));
  std::string name = PlaceOf(UserKey(id)).name;
  for (const std::string& key : server.Run({"KEYS", "*"})) {
    EXPECT_THAT(key, Not(HasSubstr(name)));
    std::string content;
    for (const std::string& line : server.Run({"HGETALL", key})) content += line + "\n";
    EXPECT_THAT(content, Not(HasSubstr(id))) << key;
    if (!key.ends_with("}:forgotten")) {
      EXPECT_THAT(content, Not(HasSubstr(name))) << key;
    }
  }
}

TEST(RedisStateStore, KeysThatAreUsedTogetherShareAHashTag) {
  const RedisServer server;
  const auto store = Open(server);
  Append(*store, {Click("42", "e1"), Click("43", "e2")});
  ASSERT_TRUE(store->Forget("43").ok());
  for (const std::string& key : server.Run({"KEYS", "*"})) {
    const std::string partition = key.substr(2, key.find('}') - 2);
    EXPECT_TRUE(partition == std::to_string(PlaceOf(UserKey("42")).partition) ||
                partition == std::to_string(PlaceOf(UserKey("43")).partition))
        << key;
  }
}

TEST(RedisStateStore, NamesTheUserWhoseStateIsDamaged) {
  const RedisServer server;
  const auto store = Open(server);
  const RedisPlace place = PlaceOf(UserKey("42"));
  server.Run({"HSET", RedisKeys("t").User(place), kRedisStateField, "\xFF"});
  UserState state;
  const absl::Status status = store->Read(UserKey("42"), state).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("the state of user 42 is damaged"));
}

TEST(RedisStateStore, RebuildWhileOthersWriteLosesNothing) {
  const RedisServer server;
  const auto store = Open(server);
  std::atomic<bool> is_done = false;
  std::jthread writer([&] {
    for (int i = 0; i < 300; ++i) {
      const std::string id = std::to_string(i);
      Append(*store, {Click(std::to_string(i % 5), id, id)});
    }
    is_done = true;
  });
  while (!is_done) EXPECT_TRUE(store->Rebuild().ok());
  writer.join();
  size_t interactions = 0;
  for (int user = 0; user < 5; ++user) interactions += ItemsOf(*store, std::to_string(user)).size();
  EXPECT_EQ(interactions, 300u);
}

}  // namespace
}  // namespace shortlist
