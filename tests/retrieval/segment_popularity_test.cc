#include "retrieval/segment_popularity.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(SegmentPopularity, GivesBackWhatWasWritten) {
  const TemporaryFolder folder;
  const SegmentPopularityData data{.width = 2, .items = {5, 1, 0, kNoItem, kNoItem, kNoItem}};
  ASSERT_TRUE(WriteSegmentPopularity(data, folder / "segments.arr").ok());
  const SegmentPopularity segments = SegmentPopularity::Open(folder / "segments.arr", 3, 6).value();
  EXPECT_FALSE(segments.empty());
  EXPECT_THAT(segments.items(0), ElementsAre(5, 1));
  EXPECT_THAT(segments.items(1), ElementsAre(0));
  EXPECT_THAT(segments.items(2), IsEmpty());
  EXPECT_TRUE(SegmentPopularity().empty());
}

TEST(SegmentPopularity, NamesTheFileAndTheEntryThatIsWrong) {
  const TemporaryFolder folder;
  ASSERT_TRUE(
      WriteSegmentPopularity({.width = 2, .items = {5, 1, 0, 6}}, folder / "segments.arr").ok());
  const absl::Status wrong = SegmentPopularity::Open(folder / "segments.arr", 2, 6).status();
  EXPECT_EQ(wrong.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(wrong.message()), HasSubstr("segments.arr: item 1 of code 1 is invalid"));
  EXPECT_EQ(SegmentPopularity::Open(folder / "segments.arr", 3, 7).status().code(),
            absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace shortlist
