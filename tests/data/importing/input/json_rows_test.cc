#include "data/importing/input/json_rows.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(JsonRows, MakesCellsOfMembers) {
  JsonRows rows({"user", "n", "ok", "none", "tags", "gone"});
  rows.Start(
      "{\"n\": 1.50, \"user\": \"a\\u00e9 \\\"x\\\"\", \"other\": {\"user\": 1}, \"ok\": true}\n\n"
      "{\"user\": \"b\", \"none\": null, \"tags\": [\"Action\", 3, \"a|b\", \"\", {\"x\": "
      "1}]}\r\n");
  ASSERT_TRUE(rows.Next());
  ASSERT_TRUE(rows.status().ok()) << rows.status();
  EXPECT_THAT(rows.cells(), ElementsAre("a\u00e9 \"x\"", "1.50", "1", "", "", ""));
  ASSERT_TRUE(rows.Next());
  ASSERT_TRUE(rows.status().ok()) << rows.status();
  EXPECT_EQ(rows.line(), 3u);
  EXPECT_THAT(rows.cells(), ElementsAre("b", "", "", "", "Action|3|a b", ""));
  EXPECT_TRUE(rows.IsArray(4));
  EXPECT_FALSE(rows.IsArray(0));
  EXPECT_FALSE(rows.IsObject(4));
  EXPECT_FALSE(rows.Next());
}

TEST(JsonRows, KeepsLargeNumbersAsTheyAreWritten) {
  JsonRows rows({"time"});
  rows.Start("{\"time\": 1588687728923123456 }");
  ASSERT_TRUE(rows.Next());
  EXPECT_THAT(rows.cells(), ElementsAre("1588687728923123456"));
}

TEST(JsonRows, RefusesLinesThatAreNoObjectAndGoesOn) {
  JsonRows rows({"a"});
  rows.Start("[1]\n{\"a\": 1\n{\"a\": tru}\n{\"a\": 1} {\"a\": 2}\n{\"a\": 5}\n");
  for (int bad = 0; bad < 4; ++bad) {
    ASSERT_TRUE(rows.Next());
    EXPECT_THAT(std::string(rows.status().message()), HasSubstr("JSON")) << bad;
  }
  ASSERT_TRUE(rows.Next());
  EXPECT_TRUE(rows.status().ok());
  EXPECT_THAT(rows.cells(), ElementsAre("5"));
}

TEST(JsonKeys, AreThoseOfAllObjects) {
  EXPECT_THAT(JsonKeys("{\"a\": 1, \"b\": {\"c\": 2}}\nbad\n{\"d\": 1, \"a\": 2}\n"),
              ElementsAre("a", "b", "d"));
}

}  // namespace
}  // namespace shortlist
