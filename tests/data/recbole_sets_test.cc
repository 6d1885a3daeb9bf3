// What RecBole's own tests expect of its small data sets (tests/data/test_dataset.py of that
// repository), on made-up sets of the same forms; and those sets as they are where they are at
// hand: recbole_data_test.cc has them with specs. docs/formats.md has a table of what agrees.
#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "data/dataset.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/captured_log.h"
#include "tests/support/shared_data.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// "user item" or "user item time" of each interaction.
std::vector<std::string> Interactions(const Dataset& dataset) {
  std::vector<std::string> texts;
  for (const DatasetInteraction& interaction : dataset.interactions)
    texts.push_back(
        absl::StrCat(dataset.user_ids[interaction.user], " ", dataset.items.ids[interaction.item],
                     dataset.has_times ? absl::StrCat(" ", interaction.time_ms / 1000) : ""));
  return texts;
}

class RecboleSetsTest : public ::testing::Test {
 protected:
  Dataset Load(const std::string& inter, const std::string& spec = "",
               const LoadOptions& options = {}) {
    folder_.Write("toy/toy.inter", inter);
    folder_.Write("toy/toy.spec.txtpb", spec);
    absl::StatusOr<Dataset> dataset = LoadDataset(folder_ / "toy", options);
    EXPECT_TRUE(dataset.ok()) << dataset.status();
    return dataset.ok() ? *std::move(dataset) : Dataset{};
  }

  const CapturedLog log_;
  const TemporaryFolder folder_;
};

TEST_F(RecboleSetsTest, RowsWithoutUserOrItemAreRefusedByNameOrSkipped) {
  const std::string rows =
      "user_id:token\titem_id:token\ttimestamp:float\nu\t\t5\n\ti\t6\nu\ti\t7\n";
  folder_.Write("toy/toy.inter", rows);
  EXPECT_THAT(std::string(LoadDataset(folder_ / "toy", {}).status().message()),
              HasSubstr("toy.inter:2: item_id is empty"));
  EXPECT_THAT(Interactions(Load(rows, "", {.skip_bad_rows = true})), ElementsAre("u i 7"));
}

TEST_F(RecboleSetsTest, OfDuplicatesTheFirstOrTheLastInTimeStays) {
  const std::string rows =
      "user_id:token\titem_id:token\ttimestamp:float\nu\ti\t6\nu\ti\t5\nu\ti\t7\n";
  EXPECT_THAT(Interactions(Load(rows, "duplicates: DUPLICATES_FIRST")), ElementsAre("u i 5"));
  EXPECT_THAT(Interactions(Load(rows, "duplicates: DUPLICATES_LAST")), ElementsAre("u i 7"));
  EXPECT_EQ(Load(rows).interactions.size(), 3u);
}

TEST_F(RecboleSetsTest, ValuesOutsideOfARangeAreLeftOut) {
  std::string rows = "user_id:token\titem_id:token\ttimestamp:float\trating:float\n";
  for (int time = 1; time <= 9; ++time)
    absl::StrAppend(&rows, "u\ti\t", time, "\t", time % 5, "\n");
  auto left = [&](const std::string& spec) {
    return Load(rows, spec).summary.rows - Load(rows, spec).summary.out_of_range;
  };
  EXPECT_EQ(left("columns { name: 'timestamp' min: 4 }"), 6u);
  EXPECT_EQ(left("columns { name: 'timestamp' max: 4 }"), 4u);
  EXPECT_EQ(left("columns { name: 'timestamp' min: 3 max: 8 }"), 6u);
  EXPECT_EQ(left("columns { name: 'timestamp' min: 3 max: 8 } columns { name: 'rating' max: 3 }"),
            5u);
}

TEST_F(RecboleSetsTest, UsersAndItemsWithFewInteractionsAreLeftOutUntilNoneAreLeft) {
  const std::string rows =
      "user_id:token\titem_id:token\nu\ta\nu\tb\nv\ta\nv\tb\nw\tb\nw\tc\nx\tc\n";
  Dataset users = Load(rows, "min_user_interactions: 2");
  EXPECT_THAT(users.user_ids, ElementsAre("u", "v", "w"));
  // Without w's c, w has one alone.
  Dataset both = Load(rows, "min_user_interactions: 2 min_item_interactions: 2");
  EXPECT_THAT(both.user_ids, ElementsAre("u", "v"));
  EXPECT_THAT(both.items.ids, ElementsAre("a", "b"));
}

TEST_F(RecboleSetsTest, AThresholdSaysWhatIsPositive) {
  Dataset dataset =
      Load("user_id:token\titem_id:token\trating:float\nu\ta\t5\nv\tb\t3\nw\tc\t4\nx\td\t2\n",
           "worth { column: 'rating' at_least: 4 worth: 1 } worth { column: 'rating' at_most: 4 "
           "worth: -1 }");
  EXPECT_THAT(Interactions(dataset), ElementsAre("u a", "w c"));
  EXPECT_EQ(dataset.refused.size(), 2u);
}

TEST_F(RecboleSetsTest, WhatIsMissingStaysMissing) {
  folder_.Write("toy/toy.item", "item_id:token\tprice:float\na\t0\nb\t1\nd\t3\n");
  folder_.Write("toy/toy.user",
                "user_id:token\tprofile:token_seq\nu\tp q r\nv\t\nw\tr\nx\tr q\ny\tp\nz\t\n");
  Dataset dataset =
      Load("user_id:token\titem_id:token\ttime_list:float_seq\nu\ta\t1 2 3\nv\tb\t2\nw\tc\t\n");
  EXPECT_THAT(dataset.items.ids, ElementsAre("a", "b", "c", "d"));
  // RecBole puts the mean, 4/3, for item c.
  EXPECT_THAT(dataset.items.numbers[0], ElementsAre(0, 1, ::testing::IsNan(), 3));
  EXPECT_THAT(dataset.user_ids, ElementsAre("u", "v", "w", "x", "y", "z"));
  EXPECT_THAT(CodesOf(dataset.user_attributes, 1), IsEmpty());
  EXPECT_THAT(CodesOf(dataset.user_attributes, 3), ElementsAre(1, 2));
}

TEST_F(RecboleSetsTest, ASequenceIsItsInteractionsOnce) {
  const std::string header =
      "user_id:token\titem_id:token\ttimestamp:float\titem_id_list:token_seq\ttimestamp_list:"
      "float_seq\n";
  folder_.Write("toy/toy.train.inter",
                header + "u\tb\t2\ta\t1\nu\tc\t3\ta b\t1 2\nv\tf\t6\te\t5\n");
  folder_.Write("toy/toy.valid.inter", header + "u\td\t4\ta b c\t1 2 3\n");
  folder_.Write("toy/toy.test.inter", header + "u\te\t5\ta b c d\t1 2 3 4\nw\tg\t8\th f\t6 7\n");
  const Dataset dataset = Load("", "", {.fixed_split = true});
  EXPECT_EQ(dataset.items.ids.size(), 8u);
  std::map<DatasetPart, std::vector<std::string>> parts;
  const std::vector<std::string> interactions = Interactions(dataset);
  for (size_t i = 0; i < interactions.size(); ++i)
    parts[dataset.parts[i]].push_back(interactions[i]);
  EXPECT_THAT(parts[DatasetPart::kTrain],
              ElementsAre("u a 1", "u b 2", "u c 3", "v e 5", "v f 6", "w h 6", "w f 7"));
  EXPECT_THAT(parts[DatasetPart::kValid], ElementsAre("u d 4"));
  EXPECT_THAT(parts[DatasetPart::kTest], ElementsAre("u e 5", "w g 8"));
}

TEST_F(RecboleSetsTest, ASequenceWithoutTimesKeepsItsOrder) {
  const std::string header = "user_id:token\titem_id:token\titem_id_list:token_seq\n";
  folder_.Write("toy/toy.train.inter", header + "u\tg\ta b c d e f\nu\th\ta b c d e f g\n");
  folder_.Write("toy/toy.test.inter", header + "u\ti\ta b c d e f g h\n");
  const Dataset dataset = Load("", "", {.fixed_split = true});
  EXPECT_THAT(Interactions(dataset),
              ElementsAre("u a", "u b", "u c", "u d", "u e", "u f", "u g", "u h", "u i"));
  EXPECT_THAT(dataset.summary.time, HasSubstr("those of sequences keep their order"));
}

TEST_F(RecboleSetsTest, WhatIsOutOfAListIsHistoryBesideRatingsOfZeroAndOne) {
  const Dataset dataset = Load(
      "user_id:token\titem_id:token\trating:float\titem_id_list:token_seq\n"
      "u\tc\t1\ta b\nu\td\t0\ta b c\n");
  EXPECT_THAT(Interactions(dataset), ElementsAre("u a", "u b", "u c"));
  EXPECT_EQ(dataset.refused.size(), 1u);
}

// Users, items and interactions of each set; bad rows are skipped.
TEST(SharedRecboleSets, HaveTheUsersItemsAndInteractionsThatRecboleFinds) {
  const CapturedLog log;
  const std::filesystem::path folder = SharedDataset("recbole-tests");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  struct Case {
    const char* name;
    size_t users, items, interactions;
  };
  const Case cases[] = {
      {"build_dataset", 8, 20, 61},
      {"filter_by_inter_num", 6, 6, 13},
      {"filter_inter_by_user_or_item", 2, 2, 2},
      {"filter_nan_user_or_item", 2, 2, 1},
      {"kg_remap_id", 4, 4, 4},
      {"remap_id", 4, 4, 4},
      {"remove_duplication", 1, 1, 3},
      {"rm_dup_and_filter_by_inter_num", 4, 4, 8},
      {"seq_dataset", 4, 8, 18},
      {"ui_feat_preparation_and_fill_nan", 5, 5, 4},
  };
  for (const Case& c : cases) {
    const auto dataset = LoadDataset(folder / c.name, {.skip_bad_rows = true});
    ASSERT_TRUE(dataset.ok()) << dataset.status();
    EXPECT_EQ(dataset->user_ids.size(), c.users) << c.name;
    EXPECT_EQ(dataset->items.ids.size(), c.items) << c.name;
    EXPECT_EQ(dataset->interactions.size(), c.interactions) << c.name;
  }
}

TEST(SharedRecboleSets, TheSequencesHaveEightItemsAndFourTestCases) {
  const CapturedLog log;
  const std::filesystem::path folder = SharedDataset("recbole-tests") / "seq_benchmark";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  const auto dataset = LoadDataset(folder, {.fixed_split = true});
  ASSERT_TRUE(dataset.ok()) << dataset.status();
  EXPECT_EQ(dataset->items.ids.size(), 8u);
  EXPECT_EQ(std::count(dataset->parts.begin(), dataset->parts.end(), DatasetPart::kTest), 4);
  EXPECT_EQ(std::count(dataset->parts.begin(), dataset->parts.end(), DatasetPart::kValid), 3);
  // The 18 of the set that this one was made of.
  EXPECT_EQ(dataset->interactions.size(), 18u);
}

}  // namespace
}  // namespace shortlist
