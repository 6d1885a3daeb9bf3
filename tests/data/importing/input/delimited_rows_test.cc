#include "data/importing/input/delimited_rows.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TableFormat Format(const char* delimiter) {
  TableFormat format;
  format.delimiter = delimiter;
  return format;
}

// The rows, each as its line and cells or error.
std::vector<std::string> Read(std::string_view text, const TableFormat& format) {
  std::vector<std::string> read;
  DelimitedRows rows(text, format);
  while (rows.Next()) {
    std::string& row = read.emplace_back(std::to_string(rows.line()) + ":");
    if (!rows.status().ok()) row += " " + std::string(rows.status().message());
    for (std::string_view cell : rows.cells())
      if (rows.status().ok()) row += "[" + std::string(cell) + "]";
  }
  return read;
}

TEST(DelimitedRows, SplitsAtTheDelimiterAndTrimsBlanks) {
  EXPECT_THAT(Read("a, b ,c\r\n\n  \n,,\nlast,1,2", Format(",")),
              ElementsAre("1:[a][b][c]", "4:[][][]", "5:[last][1][2]"));
  EXPECT_THAT(Read("\tb\t c\n", Format("\t")), ElementsAre("1:[][b][c]"));
  EXPECT_THAT(Read("1::Dr. Who: A Film::x\n", Format("::")),
              ElementsAre("1:[1][Dr. Who: A Film][x]"));
}

TEST(DelimitedRows, ReadsQuotedCells) {
  EXPECT_THAT(
      Read("\"1,2\",\"say \"\"hi\"\"\", \"x\" \n\"\",\"two\nlines\",3\n4,5,6\n", Format(",")),
      ElementsAre("1:[1,2][say \"hi\"][x]", "2:[][two\nlines][3]", "4:[4][5][6]"));
  EXPECT_THAT(Read("\"a\tb\"\t2\n", Format("\t")), ElementsAre("1:[a\tb][2]"));
}

TEST(DelimitedRows, TakesQuotesAndBackslashesAsTheFormatSays) {
  TableFormat plain = Format("\t");
  plain.quotes = false;
  EXPECT_THAT(Read("\"a\" b\t5\" disk\n", plain), ElementsAre("1:[\"a\" b][5\" disk]"));
  TableFormat backslashes = Format(";");
  backslashes.backslashes = true;
  EXPECT_THAT(Read(R"("The \"Best\"; of";"1")", backslashes),
              ElementsAre("1:[The \"Best\"; of][1]"));
}

TEST(DelimitedRows, SaysWhatIsWrongAndGoesOnWithTheNextLine) {
  EXPECT_THAT(Read("a,5\" disk\n\"b\"x,1\nc\rd,2\n\"e,3\nf,4\n", Format(",")),
              ElementsAre("1: a quote is neither around a cell nor doubled",
                          "2: a quote is neither around a cell nor doubled",
                          "3: a carriage return within the row", "4: a quoted cell does not end",
                          "5:[f][4]"));
}

TEST(EndOfLastRow, IsThatOfALineOutsideOfQuotes) {
  const TableFormat csv = Format(",");
  EXPECT_EQ(EndOfLastRow("a,b\nc,d", csv), 4u);
  EXPECT_EQ(EndOfLastRow("a,b", csv), 0u);
  EXPECT_EQ(EndOfLastRow("a,b\n\"c\nd\n", csv), 4u);
  EXPECT_EQ(EndOfLastRow("\"c\nd\",1\n2", csv), 8u);
  // Whether the quote is doubled or ends the cell is seen only with the next character.
  EXPECT_EQ(EndOfLastRow("a,b\n\"c\"", csv), 4u);
  TableFormat plain = csv;
  plain.quotes = false;
  EXPECT_EQ(EndOfLastRow("a,\"b\nc", plain), 5u);
}

TEST(RecogniseDelimiter, TakesTheOneThatMakesMostCells) {
  EXPECT_EQ(RecogniseDelimiter("user,item,time"), ",");
  EXPECT_EQ(RecogniseDelimiter("user\titem, or so\ttime"), "\t");
  EXPECT_EQ(RecogniseDelimiter("\"User-ID\";\"ISBN\";\"Book-Rating\""), ";");
  EXPECT_EQ(RecogniseDelimiter("1::2::3::4"), "::");
  EXPECT_EQ(RecogniseDelimiter("user"), ",");
}

}  // namespace
}  // namespace shortlist
