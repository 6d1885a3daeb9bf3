#include "retrieval/precomputed_lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PrecomputedListsTest : public testing::Test {
 protected:
  absl::StatusOr<PrecomputedLists> WriteAndOpen(const PrecomputedListsData& data) {
    EXPECT_TRUE(WritePrecomputedLists(data, folder_ / "precomputed.arr").ok());
    return PrecomputedLists::Open(folder_ / "precomputed.arr", /*code_count=*/6, /*item_count=*/9);
  }
  const TemporaryFolder folder_;
};

TEST_F(PrecomputedListsTest, GivesBackWhatWasWritten) {
  const PrecomputedLists lists =
      WriteAndOpen({.width = 3, .codes = {2, 5}, .items = {8, 1, 2, 3, 4, kNoItem, 5, 6, 7}})
          .value();
  EXPECT_THAT(lists.OfEverybody(), ElementsAre(8, 1, 2));
  EXPECT_THAT(lists.OfSegment(2), ElementsAre(3, 4));
  EXPECT_THAT(lists.OfSegment(5), ElementsAre(5, 6, 7));
  EXPECT_THAT(lists.OfSegment(3), IsEmpty());
  EXPECT_THAT(PrecomputedLists().OfEverybody(), IsEmpty());
  EXPECT_THAT(PrecomputedLists().OfSegment(0), IsEmpty());
}

TEST_F(PrecomputedListsTest, NamesTheFileAndTheEntryThatIsWrong) {
  const auto error = [&](const PrecomputedListsData& data) {
    return std::string(WriteAndOpen(data).status().message());
  };
  EXPECT_THAT(error({.width = 1, .codes = {6}, .items = {0, 0}}),
              HasSubstr("precomputed.arr: code 0 is invalid"));
  EXPECT_THAT(error({.width = 1, .codes = {3, 3}, .items = {0, 0, 0}}),
              HasSubstr("code 1 is invalid"));
  EXPECT_THAT(error({.width = 2, .codes = {3}, .items = {0, 1, 2, 9}}),
              HasSubstr("item 1 of list 1 is invalid"));
  EXPECT_THAT(error({.width = 2, .codes = {3}, .items = {0, 1, 2}}), HasSubstr("items"));
}

}  // namespace
}  // namespace shortlist
