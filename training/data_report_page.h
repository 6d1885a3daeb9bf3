// A data report in HTML.
#pragma once

#include <string>

#include "evaluation/data_report.h"

namespace shortlist {

// For a page that says more: begins with a heading.
std::string DataReportSection(const DataReport& report);

// A page of its own.
std::string DataReportPage(const DataReport& report);

}  // namespace shortlist
