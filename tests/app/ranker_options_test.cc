#include "app/ranker_options.h"

#include <string>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

bool Parse(const std::string& line, RankerOptions& options) {
  CommandLine command_line("");
  AddRankerOptions(command_line, options);
  return command_line.Accepts(line);
}

TEST(RankerOptions, AreWrittenWhereTheyAreWanted) {
  RankerOptions options;
  ASSERT_TRUE(
      Parse("--ranker-solver ftrl --ranker-l1 2 --liked-value 4.5 --liked-weight 3 "
            "--liked-head --ablation",
            options));
  EXPECT_EQ(options.solver, RankerSolver::kFtrl);
  EXPECT_EQ(options.l1, 2);
  EXPECT_EQ(options.liked_value, 4.5F);
  EXPECT_EQ(options.liked_weight, 3);
  EXPECT_TRUE(options.liked_head);
  EXPECT_EQ(options.variants, RankerVariants::kAblation);
}

TEST(RankerOptions, KeepTheDefaultsOfTheTrainer) {
  RankerOptions options;
  ASSERT_TRUE(Parse("", options));
  const RankerOptions defaults;
  EXPECT_EQ(options.solver, defaults.solver);
  EXPECT_EQ(options.liked_head, defaults.liked_head);
  EXPECT_EQ(options.variants, defaults.variants);
}

TEST(RankerOptions, OutOfRangeAreRefused) {
  RankerOptions options;
  EXPECT_FALSE(Parse("--ranker-solver newton", options));
  EXPECT_FALSE(Parse("--ranker-l1 -1", options));
  EXPECT_FALSE(Parse("--liked-weight 0", options));
  for (const char* value : {"nan", "inf", "-2e9"})
    EXPECT_FALSE(Parse(std::string("--liked-value ") + value, options)) << value;
  EXPECT_TRUE(Parse("--liked-value -1", options));
}

}  // namespace
}  // namespace shortlist
