// A data report in words: a table a subject, for a terminal and for a page.
#pragma once

#include <string>
#include <vector>

#include "evaluation/data_report.h"

namespace shortlist {

struct ReportTable {
  std::string title;
  std::string note;  // What the table is of; may be empty.
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  // As long as the header; the first cell is a name.
};

inline constexpr char kRankTable[] = "Interactions by rank";

// Those there is something to say of, in the order to read them in.
std::vector<ReportTable> DataReportTables(const DataReport& report);

}  // namespace shortlist
