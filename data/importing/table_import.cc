#include "data/importing/table_import.h"

#include <algorithm>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "common/parallel.h"
#include "common/status_macros.h"
#include "common/text/counts.h"
#include "common/text/strings.h"
#include "data/dataset_folder.h"
#include "data/importing/column_converter.h"
#include "data/importing/input/table_reader.h"
#include "data/importing/row_converter.h"
#include "data/tables/atomic_file_writer.h"
#include "data/tables/bad_rows.h"

namespace shortlist {
namespace {

namespace fs = std::filesystem;

// A table that has been looked at and can be read.
struct OpenTable {
  std::unique_ptr<TableReader> reader;
  TableReading reading;
};

class Planner {
 public:
  explicit Planner(const TableImportOptions& options) : options_(options), spec_(options.spec) {}

  absl::Status Run() {
    ASSIGN_OR_RETURN(OpenTable interactions, Open(options_.interactions, "interactions"));
    TableReading& reading = interactions.reading;
    ASSIGN_OR_RETURN(reading.output,
                     ChooseInteractionColumns(reading.sample, options_.contexts,
                                              options_.impressions, reading.path, spec_));
    tables_.push_back(std::move(interactions));
    const std::string user = tables_[0].reading.output.columns[0].source;
    const std::string item = tables_[0].reading.output.columns[1].source;
    RETURN_IF_ERROR(AddAttributes(options_.items, "item", item));
    RETURN_IF_ERROR(AddAttributes(options_.users, "user", user));
    return CheckDeclared();
  }

  std::vector<OpenTable>& tables() { return tables_; }
  const DatasetSpec& spec() const { return spec_; }

 private:
  absl::StatusOr<OpenTable> Open(const TableSource& source, std::string_view role) const {
    OpenTable table;
    ASSIGN_OR_RETURN(const std::vector<fs::path> files, ListParts(source.files));
    ASSIGN_OR_RETURN(table.reader, TableReader::Open(files, source.format));
    table.reading.path = table.reader->first_path();
    table.reading.role = role;
    const bool can_be_read_again = std::find(files.begin(), files.end(), "-") == files.end();
    if (can_be_read_again) {
      ASSIGN_OR_RETURN(table.reading.sample, SampleAll(files, source.format));
    } else {
      table.reading.sample = SampleBeginning(*table.reader);
    }
    return table;
  }

  absl::Status AddAttributes(const AttributeSource& source, const std::string& kind,
                             const std::string& interactions_id) {
    if (source.files.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(OpenTable table, Open(source, kind + "s"));
    TableReading& reading = table.reading;
    ASSIGN_OR_RETURN(
        reading.output,
        ChooseAttributeColumns(reading.sample, {kind, source.id, interactions_id, source.columns},
                               reading.path, spec_));
    tables_.push_back(std::move(table));
    return absl::OkStatus();
  }

  bool IsInATable(const std::string& column) const {
    return std::any_of(tables_.begin(), tables_.end(), [&](const OpenTable& table) {
      const std::vector<ColumnSample>& columns = table.reading.sample.columns;
      const std::vector<OutputColumn>& kept = table.reading.output.columns;
      return std::any_of(columns.begin(), columns.end(),
                         [&](const auto& there) { return there.name == column; }) ||
             std::any_of(kept.begin(), kept.end(),
                         [&](const auto& there) { return there.name == column; });
    });
  }

  // What is said of columns that are not there is an error or forgotten.
  absl::Status CheckDeclared() {
    for (const std::string& column : options_.needed)
      if (!IsInATable(column))
        return absl::InvalidArgumentError(
            absl::StrCat("no table has a column ", column, ", of which something is said"));
    std::erase_if(spec_.columns,
                  [&](const ColumnSpec& column) { return !IsInATable(column.name); });
    return absl::OkStatus();
  }

  const TableImportOptions& options_;
  DatasetSpec spec_;
  std::vector<OpenTable> tables_;
};

std::string_view EndingOf(std::string_view role) {
  if (role == "items") return "item";
  return role == "users" ? "user" : "inter";
}

void WarnOfDoubtfulIds(const std::string& path,
                       std::span<const ColumnConverter* const> converters) {
  DoubtfulIds ids;
  for (const ColumnConverter* converter : converters) ids.Add(converter->doubtful_ids());
  if (ids.count == 0) return;
  LogWarning(absl::StrCat(path, ": ", Rows(ids.count), " with ids such as ", ids.column, " = \"",
                          ids.example,
                          "\", which are taken for ids; if they mean that there is "
                          "none, --missing ",
                          ids.column, "=", ids.example,
                          " makes their rows bad ones, which --skip-bad-rows leaves out"));
}

class Writer {
 public:
  Writer(const DatasetFolder& folder, bool skip_bad_rows)
      : folder_(folder), bad_rows_(skip_bad_rows) {}

  absl::Status Write(OpenTable& table, TableImport& import) {
    const OutputColumns& output = table.reading.output;
    RETURN_IF_ERROR(table.reader->Select(SourceColumns(output)));
    const std::vector<std::string> header = HeaderOf(output);
    AtomicFileWriter file(folder_.File(EndingOf(table.reading.role)),
                          std::vector<std::string_view>(header.begin(), header.end()));
    std::vector<std::unique_ptr<RowConverter>> converters;
    std::vector<const ColumnConverter*> counts;
    for (size_t i = 0; i < ConvertersFor(pool_); ++i) {
      auto converter = std::make_unique<ColumnConverter>(output);
      counts.push_back(converter.get());
      converters.push_back(std::move(converter));
    }
    RETURN_IF_ERROR(ConvertRows(*table.reader, converters, pool_, bad_rows_, file).status());
    RETURN_IF_ERROR(file.Close());
    import.bad_rows = bad_rows_.count();
    WarnOfDoubtfulIds(table.reading.path, counts);
    if (table.reading.role != "interactions") return absl::OkStatus();
    for (const ColumnConverter* converter : counts) {
      import.users.Add(converter->first_ids());
      import.items.Add(converter->second_ids());
      import.interactions += converter->lines();
    }
    return absl::OkStatus();
  }

 private:
  const DatasetFolder& folder_;
  BadRows bad_rows_;
  WorkerPool pool_;
};

TablePlan MakePlan(Planner& planner) {
  TablePlan plan;
  plan.spec = planner.spec();
  for (const OpenTable& table : planner.tables()) plan.tables.push_back(table.reading);
  return plan;
}

}  // namespace

absl::StatusOr<TablePlan> PlanTables(const TableImportOptions& options) {
  Planner planner(options);
  RETURN_IF_ERROR(planner.Run());
  return MakePlan(planner);
}

absl::StatusOr<TableImport> ImportTables(const TableImportOptions& options, const fs::path& out) {
  Planner planner(options);
  RETURN_IF_ERROR(planner.Run());
  ASSIGN_OR_RETURN(std::unique_ptr<DatasetFolder> folder,
                   DatasetFolder::Create(out, options.force));
  TableImport import;
  import.plan = MakePlan(planner);
  Writer writer(*folder, options.skip_bad_rows);
  for (OpenTable& table : planner.tables()) RETURN_IF_ERROR(writer.Write(table, import));
  if (import.interactions == 0)
    return absl::InvalidArgumentError(
        absl::StrCat(import.plan.tables[0].path, ": there are no interactions"));
  RETURN_IF_ERROR(WriteDatasetSpec(import.plan.spec, folder->File(kDatasetSpecEnding.substr(1))));
  RETURN_IF_ERROR(folder->Publish());
  return import;
}

}  // namespace shortlist
