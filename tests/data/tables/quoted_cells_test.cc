#include "data/tables/quoted_cells.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

TEST(QuotedCells, TakesOffQuotesAsPandasWritesThem) {
  const std::string content = "a\tb\n\"\"\"G\"\" C\"\t1\nplain\t\"x\ty\"\r\n\"\"\t\"last\"";
  const QuotingFinding finding = FindQuoting(content, '\t');
  EXPECT_TRUE(finding.is_consistent);
  EXPECT_EQ(finding.quoted_cells, 4u);
  EXPECT_EQ(finding.example, "\"\"\"G\"\" C\"");
  EXPECT_EQ(Unquoted(content, '\t'), "a\tb\n\"G\" C\t1\nplain\tx y\n\tlast");
}

TEST(QuotedCells, TurnsOtherSeparatorsIntoTabs) {
  const std::string content = "a,b\n\"1,2\",3\n";
  EXPECT_TRUE(FindQuoting(content, ',').is_consistent);
  EXPECT_EQ(Unquoted(content, ','), "a\tb\n1,2\t3\n");
}

TEST(QuotedCells, AnyOtherQuoteTellsThatThereIsNoQuoting) {
  for (const char* content : {
           "\"Heat\"\n5\" disk\n",  // Within a cell that is not quoted.
           "\"Cro\" Dundee\n",      // Text after the quote.
           "\"Heat\n",              // No end; neither on the next line:
           "\"Heat\tx\ny\"\tz\n",
           "\"Heat\"\"\n",
       })
    EXPECT_FALSE(FindQuoting(content, '\t').is_consistent) << content;
  EXPECT_EQ(FindQuoting("5\" disk\n", '\t').quoted_cells, 0u);
  EXPECT_TRUE(FindQuoting("no quotes\n", '\t').is_consistent);
}

}  // namespace
}  // namespace shortlist
