// `shortlist similar`, run as a program.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/shortlist_program.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(SimilarCommand, PrintsTitlesAndSimilarities) {
  ServeProcess server({});
  CommandResult result =
      RunShortlist({"similar", "--server", server.address(), "--item", "i9", "--count", "5"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, StartsWith("Similar to Item 9 (item i9):\n"));
  EXPECT_THAT(result.output, HasSubstr("\n5  "));
  result = RunShortlist({"similar", "--server", server.address(), "--item", "nothing"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("item_id: the catalog has no item \"nothing\""));
}

TEST(SimilarCommand, AsksByWhatItemsAreAlike) {
  ServeProcess server({}, VectorTestModels().folder());
  for (const char* by : {"taste", "content", "both"}) {
    const CommandResult result = RunShortlist(
        {"similar", "--server", server.address(), "--item", "i9", "--count", "3", "--by", by});
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_THAT(result.output, HasSubstr("\n3  "));
  }
  CommandResult result =
      RunShortlist({"similar", "--server", server.address(), "--item", "i119", "--by", "content"});
  EXPECT_THAT(result.errors, HasSubstr("item_id: item \"i119\" brought no vector along"));
  result = RunShortlist({"similar", "--server", server.address(), "--item", "i9", "--by", "luck"});
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.errors, HasSubstr("luck"));
}

}  // namespace
}  // namespace shortlist
