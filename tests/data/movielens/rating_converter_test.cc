#include "data/movielens/rating_converter.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace shortlist {
namespace {

TEST(RatingConverter, WritesLinesAndCountsUsersAndItemsOfGoodRows) {
  RatingConverter converter;
  std::string lines;
  const auto convert = [&](std::vector<std::string_view> cells) {
    return std::string(converter.Convert(cells, lines).message());
  };
  EXPECT_EQ(convert({"7", "1", "4.5", "100"}), "");
  EXPECT_EQ(convert({"7", "2", "3", "2005-04-02 23:53:47"}), "");
  EXPECT_EQ(convert({"8", "3", "", "100"}), "the rating is empty");
  EXPECT_EQ(convert({"8", "3", "4", ""}), "the timestamp is empty");
  EXPECT_EQ(convert({"8", "3", "4", "soon"}),
            "the timestamp is neither a number nor a date: \"soon\"");
  EXPECT_EQ(lines, "7\t1\t4.5\t100\n7\t2\t3\t2005-04-02 23:53:47\n");
  EXPECT_EQ(converter.users().count(), 1u);
  EXPECT_EQ(converter.items().count(), 2u);
}

}  // namespace
}  // namespace shortlist
