#include "training/html_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(HtmlPage, TextIsEscaped) {
  EXPECT_EQ(EscapeHtml("<b> & \"c\""), "&lt;b&gt; &amp; &quot;c&quot;");
  EXPECT_THAT(HtmlPage("a<b", "<p>x</p>"), HasSubstr("<h1>a&lt;b</h1>\n<p>x</p></body>"));
  EXPECT_EQ(HtmlTable({"<h>"}, {{"1 < 2"}}),
            "<table><tr><th>&lt;h&gt;</th></tr>\n<tr><td>1 &lt; 2</td></tr>\n</table>\n");
}

TEST(HtmlPage, ColumnsOfNumbersAreAlignedOtherwiseThanWords) {
  const std::vector<std::vector<std::string>> rows = {{"a", "1 (5 %)", "x"}, {"b", "", "2"}};
  EXPECT_FALSE(HoldsNumbers(rows, 0));
  EXPECT_TRUE(HoldsNumbers(rows, 1));
  EXPECT_FALSE(HoldsNumbers(rows, 2));
  EXPECT_TRUE(HoldsNumbers({{"+0.5"}, {"-1"}}, 0));
  EXPECT_THAT(HtmlTable({"", "n", "w"}, rows),
              HasSubstr("<th></th><th>n</th><th class=\"words\">w</th></tr>\n<tr><td>a</td>"
                        "<td>1 (5 %)</td><td class=\"words\">x</td>"));
}

TEST(HtmlPage, APlotSpansItsPoints) {
  const std::string plot = HtmlPlot("x", "y", {{1, 10}, {3, 30}});
  EXPECT_THAT(plot, HasSubstr("points=\"70.0,215.0 405.0,10.0 \""));
  EXPECT_THAT(plot, HasSubstr("<title>3, 30</title>"));
  EXPECT_THAT(plot, Not(HasSubstr("stroke-dasharray")));
  const std::string diagonal = HtmlPlot("x", "y", {{1, 10}, {3, 30}}, /*diagonal=*/true);
  EXPECT_THAT(diagonal, HasSubstr("points=\"81.2,146.7 103.5,10.0 \""));
  EXPECT_THAT(diagonal, HasSubstr("stroke-dasharray"));
  EXPECT_THAT(HtmlPlot("x", "y", {}), HasSubstr("Nothing to plot"));
  EXPECT_THAT(HtmlPlot("x", "y", {{2, 2}}), Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace shortlist
