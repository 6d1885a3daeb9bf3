// shortlist describe: what a data set is like, before anything is learned from it.

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/commands.h"
#include "app/common_options.h"
#include "app/text_table.h"
#include "common/files.h"
#include "common/output_file.h"
#include "common/status_macros.h"
#include "data/dataset.h"
#include "evaluation/data_report.h"
#include "training/data_report_page.h"
#include "training/data_report_tables.h"
#include "training/html_page.h"
#include "training/report_json.h"

namespace shortlist {
namespace {

constexpr size_t kCellWidth = 80;

struct DescribeFlags {
  std::filesystem::path dataset;
  std::filesystem::path html, json;
  bool fixed_split = false;
  bool skip_bad_rows = false;
  WorthFlags worth;
};

void Print(const ReportTable& table) {
  std::printf("\n%s\n", table.title.c_str());
  if (!table.note.empty()) std::printf("%s\n", table.note.c_str());
  if (table.rows.empty()) return;
  std::vector<TextTable::Column> columns;
  for (size_t c = 0; c < table.header.size(); ++c)
    columns.push_back({table.header[c], c > 0 && HoldsNumbers(table.rows, c) ? TextTable::kRight
                                                                             : TextTable::kLeft});
  TextTable text(std::move(columns));
  for (std::vector<std::string> row : table.rows) {
    if (row.size() > 2)  // Otherwise they are sentences.
      for (std::string& cell : row) cell = Shorten(cell, kCellWidth);
    text.AddRow(std::move(row));
  }
  std::fputs(text.ToString().c_str(), stdout);
}

absl::Status DescribeDataset(const DescribeFlags& flags) {
  ASSIGN_OR_RETURN(const Dataset dataset,
                   LoadDataset(flags.dataset, {.skip_bad_rows = flags.skip_bad_rows,
                                               .fixed_split = flags.fixed_split,
                                               .worth = RulesOf(flags.worth)}));
  const DataReport report = MakeDataReport(dataset);
  std::printf("Data report: %s\n", report.name.c_str());
  for (const ReportTable& table : DataReportTables(report)) Print(table);
  if (!flags.html.empty()) RETURN_IF_ERROR(WriteFileAtomically(flags.html, DataReportPage(report)));
  if (!flags.json.empty()) RETURN_IF_ERROR(WriteFileAtomically(flags.json, DataReportJson(report)));
  return absl::OkStatus();
}

}  // namespace

void AddDescribeCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<DescribeFlags>();
  Command command = app.AddCommand(
      "describe", "Print a report of a data set: what to know of it before training.");
  command.Add("--dataset", flags->dataset, "Folder of a data set in RecBole's atomic form")
      .Required();
  command.Add("--html", flags->html, "File to write the report to as a page, with plots")
      .Check(OutputFileProblem);
  command.Add("--json", flags->json, "File to write the report to as JSON")
      .Check(OutputFileProblem);
  command.AddFlag("--fixed-split", flags->fixed_split,
                  "Read NAME.train.inter, NAME.valid.inter (optional) and NAME.test.inter in place "
                  "of NAME.inter");
  AddSkipBadRows(command, flags->skip_bad_rows);
  AddWorth(command, flags->worth);
  command.OnChosen([flags, &action] { action = [flags] { return DescribeDataset(*flags); }; });
}

}  // namespace shortlist
