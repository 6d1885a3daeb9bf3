#include "retrieval/sources/popular_in_segment_source.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/array_file.h"
#include "tests/support/toy_bundle.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PopularInSegmentSourceTest : public testing::Test {
 protected:
  // Users have a sex (codes 0 and 1) and languages (2 to 4).
  PopularInSegmentSourceTest() {
    ArrayFileWriter writer;
    AddRequestSchema(
        writer, {},
        {{.name = "sex", .type = AttributeType::kToken, .values = {"F", "M"}, .bucket_edges = {}},
         {.name = "language",
          .type = AttributeType::kTokens,
          .values = {"de", "en", "fr"},
          .bucket_edges = {}}},
        {});
    EXPECT_TRUE(writer.Write(folder_ / "schema.arr").ok());
    requests_ = RequestSchema::Open(ArrayFile::Open(folder_ / "schema.arr").value()).value();
    EXPECT_TRUE(WriteSegmentPopularity({.width = 3,
                                        .items = {1, 2, kNoItem,        //
                                                  3, kNoItem, kNoItem,  //
                                                  5, 6, 7,              //
                                                  6, 8, 9,              //
                                                  kNoItem, kNoItem, kNoItem}},
                                       folder_ / "segments.arr")
                    .ok());
    segments_ = SegmentPopularity::Open(folder_ / "segments.arr", 5, 10).value();
  }

  std::vector<ItemRow> Retrieve(const std::vector<uint32_t>& codes, const char* attribute,
                                size_t k = 10) const {
    const EncodedUser user{.attribute_codes = codes, .history = {}};
    ItemFilter filter;
    filter.Exclude(std::vector<ItemRow>{9});
    const TakenItems taken(0);
    const SourceSettings settings{.segment_attribute = attribute};
    return PopularInSegmentSource(segments_, requests_, bundle_.catalog)
        .Retrieve({user, filter, taken, settings}, k);
  }

  const TemporaryFolder folder_;
  const ToyBundle bundle_{10};
  RequestSchema requests_;
  SegmentPopularity segments_;
};

TEST_F(PopularInSegmentSourceTest, NamesWhatIsPopularWithUsersOfTheSameValue) {
  EXPECT_THAT(Retrieve({0, 2}, "sex"), ElementsAre(1, 2));
  EXPECT_THAT(Retrieve({1, 2}, "sex"), ElementsAre(3));
  EXPECT_THAT(Retrieve({0, 2}, "language"), ElementsAre(5, 6, 7));
  EXPECT_THAT(Retrieve({0, 2}, "language", 2), ElementsAre(5, 6));
}

TEST_F(PopularInSegmentSourceTest, OfSeveralValuesTheFirstOfEachThenTheSecond) {
  EXPECT_THAT(Retrieve({2, 3, 4}, "language"), ElementsAre(5, 6, 8, 7));
}

TEST_F(PopularInSegmentSourceTest, NamesNothingWhereTheSegmentIsNotKnown) {
  EXPECT_THAT(Retrieve({2}, "sex"), IsEmpty());
  EXPECT_THAT(Retrieve({0}, "age"), IsEmpty());
  EXPECT_THAT(Retrieve({}, "language"), IsEmpty());
}

}  // namespace
}  // namespace shortlist
