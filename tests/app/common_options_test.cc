#include "app/common_options.h"

#include <cstdint>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

// What parsing a command line leaves, as whether it was accepted.
struct Flags {
  bool Parse(const std::string& line) {
    CommandLine app("");
    AddTimeBudget(app, seconds);
    AddSkipBadRows(app, skip_bad_rows);
    AddWorth(app, worth);
    AddSeed(app, seed);
    AddThreads(app, threads);
    return app.Accepts(line);
  }
  double seconds = 60;
  bool skip_bad_rows = false;
  WorthFlags worth;
  uint64_t seed = 1;
  size_t threads = 0;
};

TEST(CommonOptions, KeepTheirDefaults) {
  Flags flags;
  ASSERT_TRUE(flags.Parse(""));
  EXPECT_EQ(flags.seconds, 60);
  EXPECT_FALSE(flags.skip_bad_rows);
  EXPECT_EQ(flags.seed, 1u);
}

TEST(CommonOptions, SayWhatInteractionsAreWorth) {
  Flags flags;
  ASSERT_TRUE(flags.Parse("--positive rating>=4 --positive event=buy --negative rating<=2"));
  const std::vector<WorthRule> rules = RulesOf(flags.worth);
  ASSERT_EQ(rules.size(), 3u);
  EXPECT_EQ(rules[0].bound, 4);
  EXPECT_EQ(rules[1].is, "buy");
  EXPECT_EQ(rules[2].worth, -1);
  EXPECT_FALSE(Flags().Parse("--positive rating>4"));
  EXPECT_TRUE(RulesOf(Flags().worth).empty());
}

TEST(CommonOptions, AreWrittenWhereTheyAreWanted) {
  Flags flags;
  ASSERT_TRUE(flags.Parse("--skip-bad-rows --seed 7 --threads 3"));
  EXPECT_TRUE(flags.skip_bad_rows);
  EXPECT_EQ(flags.seed, 7u);
  EXPECT_EQ(flags.threads, 3u);
}

TEST(CommonOptions, ATimeHasAUnit) {
  for (const auto& [text, seconds] :
       {std::pair("90s", 90), std::pair("10m", 600), std::pair("1h", 3600), std::pair("2M", 120)}) {
    Flags flags;
    ASSERT_TRUE(flags.Parse(std::string("--time-budget ") + text)) << text;
    EXPECT_EQ(flags.seconds, seconds) << text;
  }
  EXPECT_FALSE(Flags().Parse("--time-budget 0s"));
  EXPECT_FALSE(Flags().Parse("--time-budget 10d"));
  EXPECT_FALSE(Flags().Parse("--time-budget soon"));
}

}  // namespace
}  // namespace shortlist
