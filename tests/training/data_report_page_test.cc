#include "training/data_report_page.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "training/data_report_tables.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(DataReportPage, ShowsEveryTableAndPlotsRanksOnLogarithmicAxes) {
  DataReport report{.name = "R&D",
                    .items = {.ranks = {{1, 1'000}, {10, 100}, {100, 10}}},
                    .attributes = {{.of = "item", .name = "<b>", .rows = 1}}};
  const std::string page = DataReportPage(report);
  EXPECT_THAT(page, HasSubstr("<h1>Data report: R&amp;D</h1>"));
  EXPECT_THAT(page, HasSubstr(DataReportSection(report)));
  for (const ReportTable& table : DataReportTables(report))
    EXPECT_THAT(page, HasSubstr("<h3>" + table.title + "</h3>"));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;"));
  // A power law of exponent 1: the middle of the line is in the middle of the plot.
  EXPECT_THAT(page, HasSubstr("points=\"70.0,10.0 237.5,112.5 405.0,215.0 \""));
  EXPECT_THAT(page, HasSubstr("log10 of the item's rank"));
  EXPECT_THAT(page, HasSubstr("Nothing to plot"));  // Of users.
  for (const char* part : {"<b>", "<script", "http", "nan", "inf\""})
    EXPECT_THAT(page, Not(HasSubstr(part)));
}

}  // namespace
}  // namespace shortlist
