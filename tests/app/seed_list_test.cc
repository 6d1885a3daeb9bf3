#include "app/seed_list.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Problem(const std::string& text) {
  return std::string(ParseSeeds(text).status().message());
}

TEST(ParseSeeds, AreARangeOrAList) {
  EXPECT_THAT(*ParseSeeds("1..5"), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(*ParseSeeds("7,2"), ElementsAre(7, 2));
  EXPECT_EQ(ParseSeeds("18446744073709551614..18446744073709551615")->size(), 2u);
}

TEST(ParseSeeds, SaysWhatIsWrong) {
  for (const char* text : {"", "x,1", "1..", "..5", "1-5", "-1,2"})
    EXPECT_THAT(Problem(text), HasSubstr("1..5 or 1,2,7")) << text;
  for (const char* text : {"1", "3..3", "5..1", "1..101"})
    EXPECT_THAT(Problem(text), HasSubstr("between two and 100")) << text;
  EXPECT_THAT(Problem("1,2,1"), HasSubstr("twice"));
}

}  // namespace
}  // namespace shortlist
