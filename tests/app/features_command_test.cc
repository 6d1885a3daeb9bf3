// `shortlist features`, run as a program.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/datasets/toy_dataset_files.h"
#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

// The tower's score, and years in three buckets.
constexpr char kSpec[] =
    "features { name: \"score\" kind: FEATURE_KIND_TOWER_SCORE }\n"
    "features { name: \"decade\" kind: FEATURE_KIND_ITEM_NUMBER item_attribute: \"year\"\n"
    "           transform: FEATURE_TRANSFORM_BUCKETS bucket_edges: 1990 bucket_edges: 2000 }\n";

TEST(FeaturesCommand, ShowsWhatAModelTrainedWithAnEditedSpecSees) {
  const TemporaryFolder folder;
  const std::string toy = WriteToyDataset(folder);
  const std::string models = (folder / "models").string();
  const CommandResult trained =
      RunShortlist("train --dataset " + toy + " --models " + models +
                   " --dim 4 --epochs 2 --no-refit --threads 1 --liked-head --features " +
                   folder.Write("good.txtpb", kSpec).string());
  ASSERT_EQ(trained.exit_code, 0) << trained.errors;

  const CommandResult features =
      RunShortlist("features --dataset " + toy + " --models " + models + " --user 4 --item 30");
  EXPECT_EQ(features.exit_code, 0) << features.errors;
  EXPECT_THAT(features.output, HasSubstr("Item 30 (item 30) for user 4, who has not taken it"));
  EXPECT_THAT(features.output, HasSubstr("the model sees"));
  EXPECT_THAT(features.output, ::testing::ContainsRegex("decade +2010 +1 "));
  EXPECT_THAT(features.output, ::testing::ContainsRegex("score -?[0-9.]+: probability"));
  EXPECT_THAT(features.output, HasSubstr("for liking: weight"));
  EXPECT_THAT(features.output, ::testing::ContainsRegex("liking -?[0-9.]+: probability"));
  EXPECT_THAT(
      RunShortlist("features --dataset " + toy + " --models " + models + " --user 4 --item 16")
          .output,
      HasSubstr("for user 4, just before they took it"));
  EXPECT_THAT(
      RunShortlist("features --dataset " + toy + " --models " + models + " --user 4 --item nothing")
          .errors,
      HasSubstr("has no item \"nothing\""));
}

}  // namespace
}  // namespace shortlist
