#include "state/redis/redis_seeds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "state/state_projection.h"
#include "tests/support/redis_server.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RedisSeedsTest : public ::testing::Test {
 protected:
  static RedisPlace Place(int user) { return PlaceOf(UserKey(std::to_string(user))); }
  std::string SeedOf(int user) const {
    return server_.Run({"HGET", keys_.Seeds(Place(user).partition), Place(user).name}).front();
  }
  // Of users from 0 on.
  void Write(int users, const std::string& bytes) {
    RedisSeedWriter writer(client_, keys_);
    for (int user = 0; user < users; ++user) ASSERT_TRUE(writer.Add(Place(user), bytes).ok());
    const absl::Status status = writer.Publish();
    ASSERT_TRUE(status.ok()) << status;
  }

  const RedisServer server_;
  RedisClient client_{"127.0.0.1", server_.port()};
  const RedisKeys keys_{"test"};
};

TEST_F(RedisSeedsTest, TakeThePlaceOfThoseBeforeAllAtOnce) {
  Write(2'500, "before");
  {
    RedisSeedWriter writer(client_, keys_);
    for (int user = 1; user < 2'500; ++user) ASSERT_TRUE(writer.Add(Place(user), "after").ok());
    EXPECT_EQ(SeedOf(1), "before");
    ASSERT_TRUE(writer.Publish().ok());
  }
  EXPECT_EQ(SeedOf(0), "");
  EXPECT_EQ(SeedOf(1), "after");
  EXPECT_EQ(SeedOf(2'499), "after");
  // Nothing else is there, and these do not expire.
  for (const std::string& key : server_.Run({"KEYS", "*"})) {
    EXPECT_TRUE(key.ends_with("}:seeds")) << key;
    EXPECT_THAT(server_.Run({"TTL", key}), ElementsAre("-1"));
  }
}

TEST_F(RedisSeedsTest, NoneAreRemoved) {
  Write(10, "before");
  Write(0, "");
  EXPECT_THAT(server_.Run({"KEYS", "*"}), IsEmpty());
}

TEST_F(RedisSeedsTest, TheFirstOfAUserCounts) {
  RedisSeedWriter writer(client_, keys_);
  ASSERT_TRUE(writer.Add(Place(1), "first").ok());
  ASSERT_TRUE(writer.Add(Place(1), "second").ok());
  ASSERT_TRUE(writer.Publish().ok());
  EXPECT_EQ(SeedOf(1), "first");
}

TEST_F(RedisSeedsTest, ThoseNotPutInPlaceAreRemovedOrExpire) {
  Write(1, "before");
  auto writer = std::make_unique<RedisSeedWriter>(client_, keys_);
  for (int user = 0; user < 1'500; ++user) ASSERT_TRUE(writer->Add(Place(user), "after").ok());
  EXPECT_GT(server_.Run({"KEYS", "*"}).size(), 1u);
  for (const std::string& key : server_.Run({"KEYS", "*"}))
    if (!key.ends_with(":seeds")) {
      EXPECT_GT(std::stoi(server_.Run({"TTL", key}).front()), 0);
    }
  writer.reset();
  EXPECT_EQ(server_.Run({"KEYS", "*"}).size(), 1u);
  EXPECT_EQ(SeedOf(0), "before");
}

TEST_F(RedisSeedsTest, WhenSomeAreLostNothingChanges) {
  Write(100, "before");
  RedisSeedWriter writer(client_, keys_);
  for (int user = 0; user < 1'500; ++user) ASSERT_TRUE(writer.Add(Place(user), "after").ok());
  for (const std::string& key : server_.Run({"KEYS", "*}:seeds:*"})) {
    server_.Run({"DEL", key});
    break;
  }
  const absl::Status status = writer.Publish();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("lost new seeds"));
  for (int user = 0; user < 100; ++user) EXPECT_EQ(SeedOf(user), "before");
}

TEST_F(RedisSeedsTest, AForgottenUserGetsNone) {
  RedisSeedWriter writer(client_, keys_);
  ASSERT_TRUE(writer.Add(Place(1), "a").ok());
  ASSERT_TRUE(writer.Add(Place(2), "b").ok());
  server_.Run({"HSET", keys_.Forgotten(Place(1).partition), Place(1).name, "1"});
  ASSERT_TRUE(writer.Publish().ok());
  EXPECT_EQ(SeedOf(1), "");
  EXPECT_EQ(SeedOf(2), "b");
}

}  // namespace
}  // namespace shortlist
