#include "app/input/json_lines.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shortlist/v1/common.pb.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(JsonLines, AreReadWithTheirPlaces) {
  const TemporaryFolder folder;
  const std::string path = folder.Write("a.jsonl", "\n{\"name\": \"x\"}\n{\"colour\": 1}\n");
  auto lines = JsonLines::Open(path);
  ASSERT_TRUE(lines.ok()) << lines.status();
  v1::Attribute attribute;
  EXPECT_TRUE(lines->Next("an attribute", attribute).value());
  EXPECT_EQ(attribute.name(), "x");
  EXPECT_EQ(lines->PlaceOf(lines->line()), path + ":2");
  EXPECT_THAT(std::string(lines->Next("an attribute", attribute).status().message()),
              StartsWith(path + ":3: not an attribute: "));
  EXPECT_FALSE(lines->Next("an attribute", attribute).value());
}

TEST(JsonLines, NameTheFileThatIsNotThere) {
  EXPECT_THAT(std::string(JsonLines::Open("/none/a.jsonl").status().message()),
              HasSubstr("/none/a.jsonl"));
}

TEST(AtPlace, SaysWhereTheMessageWasAndLeavesOtherErrorsAlone) {
  const std::vector<std::string> places = {"f:1", "f:4"};
  EXPECT_EQ(AtPlace(absl::InvalidArgumentError("events[1].rating: is missing"), "events", places),
            absl::InvalidArgumentError("f:4: rating: is missing"));
  for (const char* other :
       {"events: is empty", "events[2].rating: is missing", "events[", "items[0].x"})
    EXPECT_EQ(AtPlace(absl::InvalidArgumentError(other), "events", places),
              absl::InvalidArgumentError(other));
}

}  // namespace
}  // namespace shortlist
