#include "state/redis/redis_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "state/state_projection.h"
#include "tests/support/redis_server.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

v1::LogEntry EventOf(const std::string& event_id) {
  v1::LogEntry entry;
  entry.mutable_event()->set_event_id(event_id);
  return entry;
}

TEST(RedisLog, AVersionTellsTheEntriesAndIsNeverTheSame) {
  EXPECT_EQ(EntriesOfRedisVersion(""), 0);
  std::set<std::string> versions;
  for (int i = 0; i < 100; ++i) versions.insert(MakeRedisVersion(17));
  EXPECT_EQ(versions.size(), 100u);
  for (const std::string& version : versions) EXPECT_EQ(EntriesOfRedisVersion(version), 17);
}

TEST(RedisLog, EntriesOfTheSameIdHaveTheSameField) {
  EXPECT_EQ(RedisFieldOf(EventOf("a"), 1), RedisFieldOf(EventOf("a"), 2));
  EXPECT_NE(RedisFieldOf(EventOf("a"), 1), RedisFieldOf(EventOf("b"), 1));
  v1::LogEntry answer;
  answer.mutable_answer();
  EXPECT_NE(RedisFieldOf(answer, 1), RedisFieldOf(answer, 2));
  answer.mutable_answer()->set_request_id("a");
  EXPECT_EQ(RedisFieldOf(answer, 1), RedisFieldOf(answer, 2));
  EXPECT_NE(RedisFieldOf(answer, 1), RedisFieldOf(EventOf("a"), 1));
  v1::LogEntry user;
  user.mutable_user();
  EXPECT_NE(RedisFieldOf(user, 1), RedisFieldOf(user, 2));
  // Nor is any of them the recorded part's.
  EXPECT_NE(RedisFieldOf(EventOf(kRedisStateField), 1), kRedisStateField);
}

class RedisLogTest : public ::testing::Test {
 protected:
  std::string Key(const std::string& user) const { return keys_.User(PlaceOf(UserKey(user))); }

  const RedisServer server_;
  RedisClient client_{"127.0.0.1", server_.port()};
  const RedisKeys keys_{"test"};
};

TEST_F(RedisLogTest, ReadsEntriesInOrderUpToTheVersion) {
  // So many that a scan takes several steps.
  RedisCommand command{"HSET", Key("a"), kRedisStateField, "no entry"};
  for (int number = 5'000; number > 0; --number) {
    const v1::LogEntry entry = EventOf(std::to_string(number));
    command.push_back(RedisFieldOf(entry, number));
    command.push_back(RedisValueOf(entry, number));
  }
  server_.Run(command);
  const RedisLoggedUser users[] = {{PlaceOf(UserKey("nobody")), "7-x"},
                                   {PlaceOf(UserKey("a")), "4000-x"}};
  const auto entries = ReadLoggedEntries(client_, keys_, users).value();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_TRUE(entries[0].empty());
  ASSERT_EQ(entries[1].size(), 4'000u);
  for (int i = 0; i < 4'000; ++i) {
    EXPECT_EQ(entries[1][static_cast<size_t>(i)].number, i + 1);
    EXPECT_EQ(entries[1][static_cast<size_t>(i)].entry.event().event_id(), std::to_string(i + 1));
  }
}

TEST_F(RedisLogTest, NamesWhereAnEntryIsDamaged) {
  for (const char* value : {"", "text", "1 \xFF"}) {
    server_.Run({"HSET", Key("a"), "event:1", value});
    const RedisLoggedUser users[] = {{PlaceOf(UserKey("a")), "1-x"}};
    const absl::Status status = ReadLoggedEntries(client_, keys_, users).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << value;
    EXPECT_THAT(std::string(status.message()), HasSubstr(Key("a") + " event:1"));
  }
}

TEST_F(RedisLogTest, ListsTheUsersOfAllPartitions) {
  std::set<std::string> names;
  std::vector<RedisCommand> commands;
  for (int user = 0; user < 3'000; ++user) {
    const RedisPlace place = PlaceOf(UserKey(std::to_string(user)));
    commands.push_back(
        {"HSET", keys_.Versions(place.partition), place.name, MakeRedisVersion(user)});
    names.insert(place.name);
  }
  ASSERT_TRUE(client_.Run(commands, absl::Seconds(30)).ok());
  const std::vector<RedisLoggedUser> users = ListLoggedUsers(client_, keys_).value();
  EXPECT_EQ(users.size(), 3'000u);
  for (const RedisLoggedUser& user : users) EXPECT_TRUE(names.contains(user.place.name));
  const RedisPlace seventh = PlaceOf(UserKey("7"));
  for (const RedisLoggedUser& user : users)
    if (user.place.name == seventh.name) {
      EXPECT_EQ(user.place.partition, seventh.partition);
      EXPECT_EQ(EntriesOfRedisVersion(user.version), 7);
    }
}

}  // namespace
}  // namespace shortlist
