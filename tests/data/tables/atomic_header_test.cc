#include "data/tables/atomic_header.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Columns(std::string_view header, std::string_view row = "") {
  const auto parsed = ParseAtomicHeader(header, row);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  std::vector<std::string> columns;
  if (!parsed.ok()) return columns;
  const char* const types[] = {"token", "token_seq", "float", "float_seq"};
  for (const AtomicColumn& column : parsed->columns)
    columns.push_back(column.name + ":" + types[static_cast<size_t>(column.type)]);
  return columns;
}

std::string Error(std::string_view header, std::string_view row = "") {
  return std::string(ParseAtomicHeader(header, row).status().message());
}

TEST(AtomicHeader, ReadsTheFormatWithoutAWord) {
  const auto header = ParseAtomicHeader("item_id:token\ta:b:float\ttags:token_seq", "1\t2\tx, y");
  ASSERT_TRUE(header.ok()) << header.status();
  EXPECT_THAT(header->notes, IsEmpty());
  EXPECT_EQ(header->separator, '\t');
  EXPECT_FALSE(header->trailing_separator);
  EXPECT_THAT(Columns("item_id:token\ta:b:float\tv:float_seq"),
              ElementsAre("item_id:token", "a:b:float", "v:float_seq"));
}

TEST(AtomicHeader, AcceptsWhatIsCertainAndSaysSo) {
  struct Case {
    std::string header, row;
    char separator;
    bool trailing;
  };
  const Case cases[] = {
      {"# user_id:token\titem_id:token", "u\ti", '\t', false},
      {"#user_id:token\titem_id:token", "u\ti", '\t', false},
      {"user_id\titem_id", "u\ti", '\t', false},
      {"user_id:token,item_id:token", "u,i", ',', false},
      {"user_id:token, item_id:token", "u\ti", '\t', false},
      {"user_id;item_id", "u;i", ';', false},
      {"user_id:token item_id:token", "u\ti", '\t', false},
      {"user_id:token\titem_id:token\t", "u\ti\t", '\t', true},
      {"user_id,item_id,", "u,i,", ',', true},
  };
  for (const Case& c : cases) {
    const auto header = ParseAtomicHeader(c.header, c.row);
    ASSERT_TRUE(header.ok()) << c.header << ": " << header.status();
    EXPECT_THAT(Columns(c.header, c.row), ElementsAre("user_id:token", "item_id:token"));
    EXPECT_EQ(header->separator, c.separator) << c.header;
    EXPECT_EQ(header->trailing_separator, c.trailing) << c.header;
    EXPECT_THAT(header->notes, Not(IsEmpty())) << c.header;
  }
  EXPECT_THAT(Columns(" user_id:token \titem_id:token "),
              ElementsAre("user_id:token", "item_id:token"));
}

TEST(AtomicHeader, ShowsWhatItShouldBe) {
  EXPECT_EQ(Error("user_id\titem_id\tprice\tgenre", "u\ti\t1.5\tWar"),
            "\"price\" is not of the form field:type; the header should be: "
            "user_id:token\titem_id:token\tprice:float\tgenre:token");
  EXPECT_EQ(Error("user_id:string\titem_id:int\trating:float64", "1\t2\t3"),
            "\"user_id:string\" has an unknown type; known are token, token_seq, float and "
            "float_seq; the header should be: user_id:token\titem_id:token\trating:float");
  EXPECT_EQ(Error("user_id:token item_id:token", "u i"),
            "between the columns must be tabs, in the rows, too; the header should be: "
            "user_id:token\titem_id:token");
  EXPECT_EQ(Error("196\t242\t3", "1\t2\t3"),
            "\"196\" is not of the form field:type; the first line seems to be a row, where a "
            "header should stand, such as: user_id:token\titem_id:token");
  EXPECT_EQ(Error("user_id:token\t\titem_id:token"),
            "\"\" is not of the form field:type; the header should be: "
            "user_id:token\t:token\titem_id:token");
}

TEST(AtomicHeader, RefusesNoHeaderAndTwoColumnsOfAName) {
  EXPECT_EQ(Error(""), "there is no header");
  EXPECT_EQ(Error("# "), "there is no header");
  EXPECT_EQ(Error("a:token\ta:float"), "two columns \"a\"");
}

}  // namespace
}  // namespace shortlist
