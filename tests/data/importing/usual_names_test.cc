#include "data/importing/usual_names.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

std::string Find(ColumnRole role, const std::string& declared, std::vector<std::string> columns) {
  const auto found = FindRole(role, declared, columns, "x.csv");
  return found.ok() ? found->value_or("none") : std::string(found.status().message());
}

TEST(FindRole, KnowsUsualNamesWhateverTheirCaseAndPunctuation) {
  for (const char* name : {"user", "user_id", "userId", "User-ID", "reviewerID", "visitorid"})
    EXPECT_EQ(Find(ColumnRole::kUser, "", {"x", name}), name);
  for (const char* name : {"item_id", "movieId", "asin", "parent_asin", "ISBN", "business_id"})
    EXPECT_EQ(Find(ColumnRole::kItem, "", {"x", name}), name);
  for (const char* name : {"timestamp", "time", "ts", "date", "unixReviewTime"})
    EXPECT_EQ(Find(ColumnRole::kTime, "", {"x", name}), name);
  for (const char* name : {"rating", "stars", "overall", "Book-Rating"})
    EXPECT_EQ(Find(ColumnRole::kRating, "", {"x", name}), name);
  for (const char* name : {"event", "action", "type"})
    EXPECT_EQ(Find(ColumnRole::kType, "", {"x", name}), name);
  EXPECT_EQ(Find(ColumnRole::kLabel, "", {"x", "username", "tempo"}), "none");
}

TEST(FindRole, AsksWhereSeveralMayBeMeant) {
  EXPECT_EQ(Find(ColumnRole::kItem, "", {"asin", "user_id", "parent_asin"}),
            "x.csv: which column is the item? asin or parent_asin; say it with --item COLUMN");
  EXPECT_EQ(Find(ColumnRole::kItem, "asin", {"asin", "parent_asin"}), "asin");
  EXPECT_THAT(Find(ColumnRole::kItem, "sku", {"asin", "user"}),
              HasSubstr("x.csv: there is no column sku; there are: asin, user"));
}

TEST(RoleName, IsThatOfTheFlag) {
  EXPECT_EQ(RoleName(ColumnRole::kUser), "user");
  EXPECT_EQ(RoleName(ColumnRole::kType), "type");
}

TEST(UsualNames, KnowTitlesAndLists) {
  EXPECT_TRUE(IsTitleName("Book-Title"));
  EXPECT_FALSE(IsTitleName("category_name"));
  EXPECT_TRUE(IsListName("genres"));
  EXPECT_FALSE(IsListName("title"));
}

}  // namespace
}  // namespace shortlist
