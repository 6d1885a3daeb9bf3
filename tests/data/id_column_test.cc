#include "data/id_column.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<size_t> ColumnOf(const std::string& header, const std::string& kind) {
  const TemporaryFolder folder;
  const auto file = AtomicFile::Open(folder.Write("toy.inter", header + "\n"));
  EXPECT_TRUE(file.ok()) << file.status();
  return FindIdColumn(*file, kind);
}

TEST(FindIdColumn, PrefersTheExactNameToTheFirstThatHasTheWord) {
  EXPECT_EQ(*ColumnOf("user_name:token\titem:token\tuser_id:token", "user"), 2u);
  EXPECT_EQ(*ColumnOf("user_name:token\titem:token\tmy_user:token", "user"), 0u);
  EXPECT_EQ(*ColumnOf("user_name:token\titem:token", "item"), 1u);
}

TEST(FindIdColumn, SaysWhatIsMissingOrOfAnotherType) {
  EXPECT_THAT(std::string(ColumnOf("who:token\titem_id:token", "user").status().message()),
              HasSubstr("toy.inter:1: there is no column for the user: one named user_id"));
  EXPECT_THAT(std::string(ColumnOf("user_id:float", "user").status().message()),
              HasSubstr("the ids in column user_id must be of type token"));
}

TEST(CheckId, TakesOneTo256Bytes) {
  EXPECT_TRUE(CheckId("x", "item_id").ok());
  EXPECT_TRUE(CheckId(std::string(256, 'x'), "item_id").ok());
  EXPECT_EQ(CheckId("", "item_id").message(), "item_id is empty");
  EXPECT_EQ(CheckId(std::string(257, 'x'), "item_id").message(),
            "item_id is longer than 256 bytes");
}

}  // namespace
}  // namespace shortlist
