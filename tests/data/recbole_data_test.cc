// RecBole's own test data sets (tests/data of https://github.com/RUCAIBox/RecBole), read as its
// tests expect. RecBole counts a padding id among users and items; ours are one fewer.
//
// Not as RecBole has it, or not there: ranges are applied before duplicates are left out, so that
// its rm_dup_and_filter_value with `first` has two interactions, not one; there is no greatest
// number of a user's or item's interactions, and no range for columns of .user and .item files.
#include <cmath>
#include <filesystem>

#include "data/dataset.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/shared_data.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

class RecBoleDataTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(SharedDataset("recbole-tests"))) GTEST_SKIP() << "not there";
  }
  Dataset Load(const std::string& name, const std::string& spec, const LoadOptions& options = {}) {
    const std::filesystem::path folder = folder_ / name;
    std::filesystem::create_directories(folder);
    for (const auto& entry :
         std::filesystem::directory_iterator(SharedDataset("recbole-tests") / name))
      std::filesystem::copy_file(entry.path(), folder / entry.path().filename(),
                                 std::filesystem::copy_options::overwrite_existing);
    folder_.Write(name + "/" + name + ".spec.txtpb", spec);
    absl::StatusOr<Dataset> dataset = LoadDataset(folder, options);
    EXPECT_TRUE(dataset.ok()) << dataset.status();
    return dataset.ok() ? *std::move(dataset) : Dataset{};
  }

  TemporaryFolder folder_;
};

TEST_F(RecBoleDataTest, RowsWithoutAUserOrItemGo) {
  EXPECT_EQ(Load("filter_nan_user_or_item", "", {.skip_bad_rows = true}).interactions.size(), 1U);
}

TEST_F(RecBoleDataTest, OfDuplicatesTheFirstOrTheLastInTimeStays) {
  const Dataset first = Load("remove_duplication", "duplicates: DUPLICATES_FIRST");
  const Dataset last = Load("remove_duplication", "duplicates: DUPLICATES_LAST");
  ASSERT_EQ(first.interactions.size(), 1U);
  ASSERT_EQ(last.interactions.size(), 1U);
  // Times 0 and 2, moved to be above 0.
  EXPECT_EQ(first.interactions[0].time_ms, 1'000);
  EXPECT_EQ(last.interactions[0].time_ms, 3'000);
}

TEST_F(RecBoleDataTest, RowsOutOfRangeGo) {
  auto left = [&](const std::string& spec) {
    return Load("filter_by_field_value", spec).interactions.size();
  };
  EXPECT_EQ(left("columns { name: 'timestamp' min: 4 }"), 6U);
  EXPECT_EQ(left("columns { name: 'timestamp' max: 4 }"), 5U);
  EXPECT_EQ(left("columns { name: 'rating' min: 0 max: 0 }"), 3U);
  EXPECT_EQ(left("columns { name: 'timestamp' min: 3 max: 8 }"), 6U);
  const std::string but_4 =
      "worth { column: 'rating' is: '4' worth: 0 }"
      "worth { column: 'rating' at_least: 0 worth: 1 }";
  EXPECT_EQ(left(but_4), 9U);
  EXPECT_EQ(left(but_4 + "columns { name: 'timestamp' min: 3 max: 8 }"), 5U);
}

TEST_F(RecBoleDataTest, UsersAndItemsOfFewInteractionsGo) {
  const Dataset users = Load("filter_by_inter_num", "min_user_interactions: 2");
  EXPECT_EQ(users.user_ids.size(), 5U);
  EXPECT_EQ(users.items.ids.size(), 6U);
  const Dataset items = Load("filter_by_inter_num", "min_item_interactions: 2");
  EXPECT_EQ(items.user_ids.size(), 6U);
  EXPECT_EQ(items.items.ids.size(), 5U);
  const Dataset both =
      Load("filter_by_inter_num", "min_user_interactions: 2 min_item_interactions: 2");
  EXPECT_EQ(both.user_ids.size(), 4U);
  EXPECT_EQ(both.items.ids.size(), 4U);
  const Dataset first =
      Load("rm_dup_and_filter_by_inter_num",
           "duplicates: DUPLICATES_FIRST min_user_interactions: 2 min_item_interactions: 2");
  EXPECT_EQ(first.interactions.size(), 4U);
  EXPECT_EQ(first.user_ids.size(), 2U);
  EXPECT_EQ(first.items.ids.size(), 2U);
}

TEST_F(RecBoleDataTest, DuplicatesAndRangesGoTogether) {
  EXPECT_EQ(Load("rm_dup_and_filter_value",
                 "duplicates: DUPLICATES_LAST columns { name: 'rating' max: 4 }")
                .interactions.size(),
            2U);
}

TEST_F(RecBoleDataTest, AThresholdMakesRatingsPositive) {
  const Dataset dataset = Load("set_label_by_threshold",
                               "worth { column: 'rating' at_least: 4 worth: 1 }"
                               "worth { column: 'rating' at_most: 4 worth: -1 }");
  ASSERT_EQ(dataset.interactions.size(), 2U);
  EXPECT_EQ(dataset.items.ids[dataset.interactions[0].item], "1");
  EXPECT_EQ(dataset.items.ids[dataset.interactions[1].item], "3");
  EXPECT_EQ(dataset.refused.size(), 2U);
}

}  // namespace
}  // namespace shortlist
