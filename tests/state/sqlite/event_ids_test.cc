#include "state/sqlite/event_ids.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "state/sqlite/state_file.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

std::vector<absl::uint128> RandomIds(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<absl::uint128> ids;
  for (size_t i = 0; i < count; ++i) ids.push_back(absl::MakeUint128(random(), random()));
  std::sort(ids.begin(), ids.end());
  return ids;
}

class EventIdsTest : public ::testing::Test {
 protected:
  EventIdsTest() {
    EXPECT_TRUE(CreateStateFile(path_).ok());
    connection_ = SqliteConnection::Open(path_, SqliteConnection::kWrite, 0).value();
    ids_ = Open();
  }

  std::unique_ptr<EventIds> Open() {
    auto ids = std::make_unique<EventIds>(EventIds::Prepare(*connection_).value());
    EXPECT_TRUE(ids->Refresh().ok());
    return ids;
  }

  static size_t Known(EventIds& ids, const std::vector<absl::uint128>& asked) {
    return static_cast<size_t>(std::count_if(
        asked.begin(), asked.end(), [&](absl::uint128 id) { return ids.Contains(id).value(); }));
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_ / "state.db";
  std::unique_ptr<SqliteConnection> connection_;
  std::unique_ptr<EventIds> ids_;
};

TEST_F(EventIdsTest, ContainsWhatWasAddedAndNothingElseAlsoWhenReadAnew) {
  size_t added = 0;
  // Long and short runs, in such an order that some are merged and some are not.
  for (const size_t count : {3'000, 10, 1, 500, 700, 1, 1, 30}) {
    ++added;
    ASSERT_TRUE(ids_->Add(RandomIds(count, added), static_cast<int64_t>(added)).ok());
  }
  EXPECT_LT(ids_->runs(), added);
  EXPECT_GT(ids_->runs(), 1u);
  for (const auto& ids : {std::move(ids_), Open()}) {
    size_t seed = 0;
    for (const size_t count : {3'000, 10, 1, 500, 700, 1, 1, 30})
      EXPECT_EQ(Known(*ids, RandomIds(count, ++seed)), count);
    EXPECT_EQ(Known(*ids, RandomIds(2'000, 99)), 0u);
  }
}

TEST_F(EventIdsTest, TakesUpWhatAnotherConnectionHasMerged) {
  const std::unique_ptr<EventIds> other = Open();
  ASSERT_TRUE(ids_->Add(RandomIds(100, 1), 1).ok());
  ASSERT_TRUE(other->Refresh().ok());
  ASSERT_TRUE(other->Add(RandomIds(100, 2), 2).ok());
  ASSERT_TRUE(ids_->Refresh().ok());
  EXPECT_EQ(ids_->runs(), 1u);
  EXPECT_EQ(Known(*ids_, RandomIds(100, 1)), 100u);
  EXPECT_EQ(Known(*ids_, RandomIds(100, 2)), 100u);
}

TEST_F(EventIdsTest, WhatIsRemovedIsNotKnownAnyMore) {
  const std::vector<absl::uint128> ids = RandomIds(1'000, 1);
  ASSERT_TRUE(ids_->Add(ids, 1).ok());
  ASSERT_TRUE(ids_->Remove({ids[3], ids[500], 7}).ok());
  EXPECT_EQ(Known(*ids_, ids), 998u);
  EXPECT_FALSE(ids_->Contains(ids[3]).value());
  EXPECT_EQ(Known(*Open(), ids), 998u);
}

TEST_F(EventIdsTest, RunsAreForgottenWithTheirLastEntry) {
  ASSERT_TRUE(ids_->Add(RandomIds(1'000, 1), 10).ok());
  ASSERT_TRUE(ids_->Add(RandomIds(100, 2), 20).ok());
  ASSERT_EQ(ids_->runs(), 2u);
  ASSERT_TRUE(ids_->RemoveRunsUntil(9).ok());
  EXPECT_EQ(Known(*ids_, RandomIds(1'000, 1)), 1'000u);
  ASSERT_TRUE(ids_->RemoveRunsUntil(10).ok());
  EXPECT_EQ(Known(*ids_, RandomIds(1'000, 1)), 0u);
  EXPECT_EQ(Known(*ids_, RandomIds(100, 2)), 100u);
  EXPECT_EQ(connection_->QueryInt("SELECT sum(length(ids)) / 16 FROM id_bucket").value(), 100);
}

}  // namespace
}  // namespace shortlist
