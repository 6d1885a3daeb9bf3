#include "state/redis/redis_keys.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "state/state_projection.h"

namespace shortlist {
namespace {

// What is stored is found by them, so they stay what they are.
TEST(RedisKeys, ArePlacedByTheDigestOfTheKey) {
  const RedisPlace place = PlaceOf(UserKey("42"));
  EXPECT_EQ(place.name, TombstoneOf(UserKey("42")).substr(0, 32));
  EXPECT_EQ(place.partition, std::stoi(place.name.substr(0, 2), nullptr, 16) % 64);
  const RedisKeys keys("shop");
  const std::string tag = "shop{" + std::to_string(place.partition) + "}:";
  EXPECT_EQ(keys.User(place), tag + "user:" + place.name);
  EXPECT_EQ(keys.Versions(place.partition), tag + "versions");
  EXPECT_EQ(keys.Seeds(place.partition), tag + "seeds");
  EXPECT_EQ(keys.NewSeeds(place.partition, "7"), tag + "seeds:7");
  EXPECT_EQ(keys.Forgotten(place.partition), tag + "forgotten");
}

TEST(RedisKeys, SpreadUsersOverAllPartitions) {
  std::set<int> partitions;
  for (int user = 0; user < 1'000; ++user)
    partitions.insert(PlaceOf(UserKey(std::to_string(user))).partition);
  EXPECT_EQ(partitions.size(), static_cast<size_t>(kRedisPartitions));
  EXPECT_EQ(*partitions.begin(), 0);
  EXPECT_NE(PlaceOf(UserKey("42")).name, PlaceOf(SessionKey("42")).name);
}

}  // namespace
}  // namespace shortlist
