#include "data/importing/impressions.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

std::string Read(std::string_view cell) {
  std::string read;
  const absl::Status status =
      ForEachImpression(cell, [&](std::string_view item, std::string_view label) {
        read += std::string(item) + "=" + std::string(label) + ";";
        return item == "stop" ? absl::InvalidArgumentError("stopped") : absl::OkStatus();
      });
  return status.ok() ? read : std::string(status.message());
}

TEST(ForEachImpression, SplitsItemsAndLabels) {
  EXPECT_EQ(Read("N55689-1 N35729-0"), "N55689=1;N35729=0;");
  EXPECT_EQ(Read(" a-b-1  c-0 "), "a-b=1;c=0;");
  EXPECT_EQ(Read(""), "");
}

TEST(ForEachImpression, StopsAtWhatIsNone) {
  EXPECT_THAT(Read("N1-1 N2"),
              HasSubstr("an impression is not of the form ITEM-0 or ITEM-1: \"N2\""));
  EXPECT_THAT(Read("N1-2"), HasSubstr("\"N1-2\""));
  EXPECT_THAT(Read("-1"), HasSubstr("\"-1\""));
  EXPECT_EQ(Read("stop-1 N2"), "stopped");
}

}  // namespace
}  // namespace shortlist
