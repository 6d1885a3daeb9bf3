#include "data/movielens/movielens_writer.h"

#include <memory>
#include <string>

#include "common/files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

class MovieLensWriterTest : public ::testing::Test {
 protected:
  std::string Written(const std::string& ending) { return *ReadFile(folder_->File(ending)); }

  TemporaryFolder temporary_;
  std::unique_ptr<DatasetFolder> folder_ = *DatasetFolder::Create(temporary_ / "toy", false);
  MovieLensWriter writer_{*folder_};
};

TEST_F(MovieLensWriterTest, WritesAFileEachOfRatingsItemsAndUsers) {
  ASSERT_TRUE(writer_.AddRating({"7", "1", "4.5", "100"}).ok());
  ASSERT_TRUE(writer_.AddItem({"1", " Heat ", "1995", {"Action", "Crime"}}).ok());
  ASSERT_TRUE(writer_.AddItem({"2", "Unrated", "", {}}).ok());
  writer_.StartUsers("float");
  ASSERT_TRUE(writer_.AddUser({"8", "30", "F", "writer"}).ok());
  ASSERT_TRUE(writer_.Close().ok());
  EXPECT_EQ(Written("inter"),
            "user_id:token\titem_id:token\trating:float\ttimestamp:float\n7\t1\t4.5\t100\n");
  EXPECT_EQ(Written("item"),
            "item_id:token\ttitle:token_seq\tyear:float\tgenre:token_seq\n"
            "1\tHeat\t1995\tAction Crime\n2\tUnrated\t\t\n");
  EXPECT_EQ(Written("user"),
            "user_id:token\tage:float\tgender:token\toccupation:token\n8\t30\tF\twriter\n");
  // Of users and items, those that only one file knows as well.
  EXPECT_EQ(writer_.user_count(), 2u);
  EXPECT_EQ(writer_.item_count(), 2u);
  EXPECT_EQ(writer_.rating_count(), 1u);
}

TEST_F(MovieLensWriterTest, SaysWhyARowIsBadAndDoesNotCountIt) {
  auto error = [](const absl::Status& status) { return std::string(status.message()); };
  EXPECT_THAT(error(writer_.AddRating({"", "1", "4", "1"})), HasSubstr("the user id is empty"));
  EXPECT_THAT(error(writer_.AddRating({"7", "1", "four", "1"})),
              HasSubstr("the rating is not a finite number"));
  EXPECT_THAT(error(writer_.AddItem({"1", "Heat", "soon", {}})), HasSubstr("the year"));
  EXPECT_EQ(writer_.item_count(), 0u);
  EXPECT_FALSE(writer_.HasItem("1"));
  EXPECT_TRUE(writer_.AddItem({"1", "Heat", "1995", {}}).ok());
  EXPECT_TRUE(writer_.HasItem("1"));
  EXPECT_THAT(error(writer_.AddItem({"1", "Heat", "1995", {}})),
              HasSubstr("a second row for the item \"1\""));
}

}  // namespace
}  // namespace shortlist
