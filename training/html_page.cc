#include "training/html_page.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

constexpr char kStyle[] =
    "body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}"
    "table{border-collapse:collapse;margin:1em 0}td,th{padding:.2em .8em;text-align:right;"
    "border-bottom:1px solid #ddd}td:first-child,th:first-child,.words{text-align:left}"
    "svg{max-width:100%}text{font:12px sans-serif;fill:#444}.warn li{color:#a40000}";

}  // namespace

std::string EscapeHtml(std::string_view text) {
  return absl::StrReplaceAll(AbslView(text),
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

bool HoldsNumbers(const std::vector<std::vector<std::string>>& rows, size_t column) {
  return std::all_of(rows.begin(), rows.end(), [&](const std::vector<std::string>& row) {
    const std::string& cell = row[column];
    return cell.empty() || cell[0] == '+' || cell[0] == '-' || ('0' <= cell[0] && cell[0] <= '9');
  });
}

std::string HtmlTable(const std::vector<std::string>& header,
                      const std::vector<std::vector<std::string>>& rows) {
  std::vector<const char*> kinds;  // Of the columns.
  for (size_t c = 0; c < header.size(); ++c)
    kinds.push_back(c > 0 && !HoldsNumbers(rows, c) ? " class=\"words\"" : "");
  std::string html = "<table><tr>";
  for (size_t c = 0; c < header.size(); ++c)
    absl::StrAppend(&html, "<th", kinds[c], ">", EscapeHtml(header[c]), "</th>");
  html += "</tr>\n";
  for (const std::vector<std::string>& row : rows) {
    html += "<tr>";
    for (size_t c = 0; c < row.size(); ++c)
      absl::StrAppend(&html, "<td", kinds[c], ">", EscapeHtml(row[c]), "</td>");
    html += "</tr>\n";
  }
  return html + "</table>\n";
}

std::string HtmlPlot(const std::string& x_label, const std::string& y_label,
                     const std::vector<PlotPoint>& points, bool diagonal) {
  if (points.empty()) return "<p>Nothing to plot.</p>\n";
  constexpr double kWidth = 420, kHeight = 260, kLeft = 70, kTop = 10, kBottom = 45, kRight = 15;
  auto by_x = [](const PlotPoint& a, const PlotPoint& b) { return a.x < b.x; };
  auto by_y = [](const PlotPoint& a, const PlotPoint& b) { return a.y < b.y; };
  const auto [left, right] = std::minmax_element(points.begin(), points.end(), by_x);
  const auto [low, high] = std::minmax_element(points.begin(), points.end(), by_y);
  double x0 = left->x, x1 = right->x, y0 = low->y, y1 = high->y;
  if (diagonal) {
    x0 = y0 = 0;
    x1 = y1 = std::max(x1, y1);
  }
  if (x0 == x1) x1 += 1;
  if (y0 == y1) y1 += 1;
  auto px = [&](double x) { return kLeft + (x - x0) / (x1 - x0) * (kWidth - kLeft - kRight); };
  auto py = [&](double y) {
    return kHeight - kBottom - (y - y0) / (y1 - y0) * (kHeight - kTop - kBottom);
  };
  std::string svg = absl::StrFormat(
      "<svg viewBox=\"0 0 %g %g\" width=\"%g\" role=\"img\" aria-label=\"%s\">\n"
      "<path d=\"M%g %gV%gH%g\" fill=\"none\" stroke=\"#888\"/>\n",
      kWidth, kHeight, kWidth, EscapeHtml(absl::StrCat(y_label, " by ", x_label)), kLeft, kTop,
      kHeight - kBottom, kWidth - kRight);
  if (diagonal)
    absl::StrAppendFormat(&svg,
                          "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#bbb\" "
                          "stroke-dasharray=\"4\"/>\n",
                          px(x0), py(y0), px(x1), py(y1));
  svg += "<polyline fill=\"none\" stroke=\"#1f6fb2\" points=\"";
  for (const PlotPoint& point : points)
    absl::StrAppendFormat(&svg, "%.1f,%.1f ", px(point.x), py(point.y));
  svg += "\"/>\n";
  for (const PlotPoint& point : points)
    absl::StrAppendFormat(&svg,
                          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#1f6fb2\"><title>%.4g, "
                          "%.4g</title></circle>\n",
                          px(point.x), py(point.y), point.x, point.y);
  auto text = [&](double x, double y, const char* anchor, const std::string& what) {
    absl::StrAppendFormat(&svg, "<text x=\"%g\" y=\"%g\" text-anchor=\"%s\">%s</text>\n", x, y,
                          anchor, EscapeHtml(what));
  };
  text(kLeft - 5, py(y0), "end", absl::StrFormat("%.4g", y0));
  text(kLeft - 5, py(y1) + 10, "end", absl::StrFormat("%.4g", y1));
  text(kLeft, kHeight - kBottom + 15, "middle", absl::StrFormat("%.4g", x0));
  text(kWidth - kRight, kHeight - kBottom + 15, "end", absl::StrFormat("%.4g", x1));
  text((kLeft + kWidth) / 2, kHeight - 8, "middle", x_label);
  text(kLeft + 8, kTop + 10, "start", y_label);
  return svg + "</svg>\n";
}

std::string HtmlPage(std::string_view title, std::string_view body) {
  const std::string escaped = EscapeHtml(title);
  return absl::StrCat("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>",
                      escaped, "</title>\n<style>", kStyle, "</style></head><body>\n<h1>", escaped,
                      "</h1>\n", AbslView(body), "</body></html>\n");
}

}  // namespace shortlist
