// Pieces of an HTML page that needs nothing else: text, tables and plots.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace shortlist {

std::string EscapeHtml(std::string_view text);

// Whether the column's cells are numbers, with or without something after them, or empty: such are
// aligned to the right.
bool HoldsNumbers(const std::vector<std::vector<std::string>>& rows, size_t column);

// Cells are text; rows are as long as the header.
std::string HtmlTable(const std::vector<std::string>& header,
                      const std::vector<std::vector<std::string>>& rows);

struct PlotPoint {
  double x, y;
};

// A line through the points, between the least and the largest values; `diagonal` adds x = y, and
// both axes then begin at 0 and end at the same value.
std::string HtmlPlot(const std::string& x_label, const std::string& y_label,
                     const std::vector<PlotPoint>& points, bool diagonal = false);

// The whole page. `title` is text, `body` is HTML.
std::string HtmlPage(std::string_view title, std::string_view body);

}  // namespace shortlist
