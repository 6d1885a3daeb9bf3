#include "state/redis/redis_item_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/redis_server.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::ItemChange Title(const std::string& id, const std::string& title) {
  v1::ItemChange change;
  change.set_item_id(id);
  change.mutable_upsert()->set_title(title);
  return change;
}

class RedisItemChangesTest : public ::testing::Test {
 protected:
  void Append(const std::vector<v1::ItemChange>& changes) {
    std::vector<const v1::ItemChange*> pointers;
    for (const v1::ItemChange& change : changes) pointers.push_back(&change);
    const absl::Status status = AppendItemChanges(client_, keys_, pointers);
    ASSERT_TRUE(status.ok()) << status;
  }
  // Titles behind a position, which becomes that of the last.
  std::vector<std::string> TitlesAfter(int64_t& position) {
    std::vector<std::string> titles;
    const absl::Status status = VisitRedisItemChanges(
        client_, keys_, position, [&](int64_t at, const v1::ItemChange& change) {
          EXPECT_GT(at, position);
          position = at;
          titles.push_back(change.upsert().title());
          return absl::OkStatus();
        });
    EXPECT_TRUE(status.ok()) << status;
    return titles;
  }

  const RedisServer server_;
  RedisClient client_{"127.0.0.1", server_.port()};
  const RedisKeys keys_{"test"};
};

TEST_F(RedisItemChangesTest, MoreThanAreReadInOneGoComeInTheirOrder) {
  std::vector<v1::ItemChange> changes;
  std::vector<std::string> titles;
  for (int i = 0; i < 1'300; ++i) {
    titles.push_back(std::to_string(i));
    changes.push_back(Title("item " + titles.back(), titles.back()));
  }
  Append(changes);
  int64_t position = 0;
  EXPECT_EQ(TitlesAfter(position), titles);
  EXPECT_THAT(TitlesAfter(position), IsEmpty());
}

TEST_F(RedisItemChangesTest, OneMadeWhileOthersAreVisitedComesOnceAtItsPlace) {
  Append({Title("a", "first"), Title("b", "second")});
  std::vector<std::string> titles;
  int64_t position = 0;
  const absl::Status status =
      VisitRedisItemChanges(client_, keys_, 0, [&](int64_t at, const v1::ItemChange& change) {
        EXPECT_GT(at, std::exchange(position, at));
        titles.push_back(change.upsert().title());
        if (titles.size() == 1) Append({Title("a", "third")});
        return absl::OkStatus();
      });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_THAT(titles, ElementsAre("first", "second", "third"));
}

TEST_F(RedisItemChangesTest, PositionsGoOnRisingInARedisThatLostWhatItHad) {
  Append({Title("a", "before")});
  int64_t position = 0;
  EXPECT_THAT(TitlesAfter(position), ElementsAre("before"));
  server_.Run({"FLUSHALL"});
  EXPECT_THAT(TitlesAfter(position), IsEmpty());
  Append({Title("a", "after")});
  EXPECT_THAT(TitlesAfter(position), ElementsAre("after"));
}

TEST_F(RedisItemChangesTest, SomethingElseIsDataLossThatNamesTheItem) {
  Append({Title("a", "A")});
  server_.Run({"HSET", keys_.ItemChanges(), "is:a", "A"});
  const absl::Status status = VisitRedisItemChanges(
      client_, keys_, 0, [](int64_t, const v1::ItemChange&) { return absl::OkStatus(); });
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("test{items}:changes is:a"));
}

}  // namespace
}  // namespace shortlist
