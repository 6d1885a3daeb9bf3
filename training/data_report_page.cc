#include "training/data_report_page.h"

#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "training/data_report_tables.h"
#include "training/html_page.h"

namespace shortlist {
namespace {

// A power law is a straight line in it.
std::string RankPlot(const std::string& of, const ConcentrationReport& report) {
  std::vector<PlotPoint> points;
  for (const auto& [rank, interactions] : report.ranks)
    points.push_back(
        {std::log10(static_cast<double>(rank)), std::log10(static_cast<double>(interactions))});
  return HtmlPlot(absl::StrCat("log10 of the ", of, "'s rank"), "log10 of interactions", points);
}

}  // namespace

std::string DataReportSection(const DataReport& report) {
  std::string html = "<h2>Data</h2>\n";
  for (const ReportTable& table : DataReportTables(report)) {
    absl::StrAppend(&html, "<h3>", EscapeHtml(table.title), "</h3>\n");
    if (!table.note.empty()) absl::StrAppend(&html, "<p>", EscapeHtml(table.note), "</p>\n");
    if (!table.rows.empty()) html += HtmlTable(table.header, table.rows);
    if (table.title == kRankTable)
      html += RankPlot("item", report.items) + RankPlot("user", report.users);
  }
  return html;
}

std::string DataReportPage(const DataReport& report) {
  return HtmlPage(absl::StrCat("Data report: ", report.name), DataReportSection(report));
}

}  // namespace shortlist
