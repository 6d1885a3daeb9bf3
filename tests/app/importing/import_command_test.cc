// `shortlist import`, run as a program.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class ImportCommandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.Write("in/ratings.csv",
                  "userId,movieId,rating,timestamp\n"
                  "7,1,4.5,1000000000\n7,20,5,900000000\n7,300,4.5,1100000000\n"
                  "8,20,1,900000000\n");
    folder_.Write("in/movies.csv",
                  "movieId,title,genres\n1,Toy Story (1995),Comedy\n20,\"Heat (1995)\",Action\n");
  }
  std::string Import() {
    return "import movielens " + (folder_ / "in").string() + " --out " + (folder_ / "toy").string();
  }

  TemporaryFolder folder_;
};

TEST_F(ImportCommandTest, PrintsOneLine) {
  CommandResult import = RunShortlist(Import());
  EXPECT_EQ(import.exit_code, 0);
  EXPECT_THAT(import.output,
              MatchesRegex(".*/toy: 2 users, 3 items, 4 ratings of MovieLens 20M, 25M, 32M or "
                           "latest imported in [0-9.]+ s\n"));
}

TEST_F(ImportCommandTest, StopsOrCountsAtBadRowsAndReplacesWhenForced) {
  folder_.Write("in/ratings.csv", "userId,movieId,rating,timestamp\n7,1,4.5,1000000000\n7,1,x,1\n");
  CommandResult import = RunShortlist(Import());
  EXPECT_EQ(import.exit_code, 1);
  EXPECT_THAT(import.errors, HasSubstr("ratings.csv:3: the rating is not a finite number: \"x\""));
  EXPECT_THAT(RunShortlist(Import() + " --skip-bad-rows").output, HasSubstr("left out 1 bad rows"));
  EXPECT_THAT(RunShortlist(Import() + " --skip-bad-rows").errors, HasSubstr("toy is not empty"));
  EXPECT_EQ(RunShortlist(Import() + " --skip-bad-rows --force").exit_code, 0);
}

TEST_F(ImportCommandTest, ImportsATableAfterADryRun) {
  const std::string log = folder_
                              .Write("log.csv",
                                     "userId,sku,stars,ts\n7,a,5,1000000000\n7,b,1,900000000\n"
                                     "8,a,4,1100000000\n")
                              .string();
  const std::string line = "import table " + log + " --positive stars>=4 ";
  CommandResult dry = RunShortlist(line + "--dry-run");
  EXPECT_EQ(dry.exit_code, 0) << dry.errors;
  EXPECT_THAT(dry.output, HasSubstr("log.csv: interactions, by all 3 rows"));
  EXPECT_THAT(dry.output, HasSubstr("learned from: interactions with rating >= 4"));
  EXPECT_THAT(RunShortlist(line).errors, HasSubstr("--out or --dry-run is needed"));
  CommandResult import = RunShortlist(line + "--out " + (folder_ / "shop").string());
  EXPECT_EQ(import.exit_code, 0) << import.errors;
  EXPECT_THAT(import.output, HasSubstr("shop: 2 users, 2 items, 3 interactions imported in "));
  EXPECT_THAT(RunShortlist("import table " + log + " --item isbn --dry-run").errors,
              HasSubstr("log.csv: there is no column isbn; there are: userId, sku, stars, ts"));
}

}  // namespace
}  // namespace shortlist
