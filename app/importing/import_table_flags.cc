#include "app/importing/import_table_flags.h"

#include <initializer_list>
#include <map>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "app/common_options.h"
#include "common/status_macros.h"
#include "data/dataset_spec.h"
#include "data/importing/presets.h"
#include "data/importing/spec_flags.h"
#include "data/interactions/interaction_worth.h"

namespace shortlist {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, TimeUnit>& TimeUnits() {
  static const auto& units = *new std::map<std::string, TimeUnit>{
      {"s", TimeUnit::kSeconds},         {"ms", TimeUnit::kMilliseconds},
      {"us", TimeUnit::kMicroseconds},   {"ns", TimeUnit::kNanoseconds},
      {"calendar", TimeUnit::kCalendar}, {"order", TimeUnit::kOrder}};
  return units;
}

const std::map<std::string, Duplicates>& DuplicateChoices() {
  static const auto& choices = *new std::map<std::string, Duplicates>{
      {"all", Duplicates::kAll}, {"first", Duplicates::kFirst}, {"last", Duplicates::kLast}};
  return choices;
}

template <typename Value>
std::vector<std::string> Keys(const std::map<std::string, Value>& values) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : values) keys.push_back(key);
  return keys;
}

std::string PresetNames() {
  std::string names;
  for (const ImportPreset& preset : ImportPresets())
    absl::StrAppend(&names, names.empty() ? "" : ", ", std::string(preset.name));
  return names;
}

absl::StatusOr<DatasetSpec> SpecOf(const ImportTableFlags& flags) {
  DatasetSpec spec;
  spec.user_column = flags.user;
  spec.item_column = flags.item;
  spec.time_column = flags.time;
  spec.rating_column = flags.rating;
  spec.label_column = flags.label;
  spec.type_column = flags.type;
  if (!flags.time_unit.empty()) spec.time_unit = TimeUnits().at(flags.time_unit);
  if (!flags.duplicates.empty()) spec.duplicates = DuplicateChoices().at(flags.duplicates);
  spec.min_user_interactions = flags.min_user;
  spec.min_item_interactions = flags.min_item;
  for (const std::string& rule : flags.positive) {
    ASSIGN_OR_RETURN(spec.worth.emplace_back(), ParseWorthRule(rule, 1));
  }
  for (const std::string& rule : flags.negative) {
    ASSIGN_OR_RETURN(spec.worth.emplace_back(), ParseWorthRule(rule, -1));
  }
  for (const std::string& range : flags.ranges) RETURN_IF_ERROR(AddRange(range, spec));
  for (const std::string& missing : flags.missing) RETURN_IF_ERROR(AddMissing(missing, spec));
  for (const std::string& separator : flags.separators)
    RETURN_IF_ERROR(AddSeparator(separator, spec));
  return spec;
}

// A preset knows what the files of a folder are; otherwise a folder holds parts of one table.
absl::StatusOr<TableImportOptions> StartFromPreset(const ImportTableFlags& flags) {
  if (flags.preset.empty()) return TableImportOptions{};
  ASSIGN_OR_RETURN(const ImportPreset* preset, FindPreset(flags.preset));
  std::error_code error;
  if (flags.files.size() == 1 && fs::is_directory(flags.files[0], error))
    return FilesOfPreset(*preset, flags.files[0]);
  return preset->options;
}

// Of all tables: one of attributes may be JSON, all the same.
void SetFormat(const ImportTableFlags& flags, TableFormat& format) {
  if (!flags.delimiter.empty())
    format.delimiter = flags.delimiter == "\\t" ? "\t" : flags.delimiter;
  if (flags.no_quotes) format.quotes = false;
  if (flags.latin1) format.latin1 = true;
}

void SetFiles(const std::vector<std::string>& files, TableSource& source) {
  if (!files.empty()) source.files.assign(files.begin(), files.end());
}

}  // namespace

void AddImportTableFlags(Command& command, ImportTableFlags& flags) {
  command
      .Add("files", flags.files,
           "Tables of interactions: CSV, TSV or JSON lines, plain or packed by gzip or zstd, by "
           "their content; folders of parts; - is standard input")
      .Required();
  command.Add("--out", flags.out, "Folder of the data set; its name becomes the set's");
  command.AddFlag("--dry-run", flags.dry_run,
                  "Print what each column is taken for and write nothing");
  command.Add("--preset", flags.preset, "The layout of a well-known data set: " + PresetNames());
  command.Add("--spec", flags.spec,
              "File of a shortlist.v1.DatasetSpec that says what the columns mean");
  command.Add("--items", flags.items, "Table of items' attributes").OneEachTime("FILE");
  command.Add("--users", flags.users, "Table of users' attributes").OneEachTime("FILE");
  command.Add("--item-id", flags.item_id, "Its column with the item's id");
  command.Add("--user-id", flags.user_id, "Its column with the user's id");
  command.Add("--item-columns", flags.item_columns, "Attributes to keep (default: all)")
      .Separated(',');
  command.Add("--user-columns", flags.user_columns, "Attributes to keep (default: all)")
      .Separated(',');
  command.Add("--user", flags.user, "Column of users; this and the next: default by usual names");
  command.Add("--item", flags.item, "Column of items");
  command.Add("--time", flags.time, "Column of times");
  command.Add("--rating", flags.rating, "Column of ratings");
  command.Add("--label", flags.label, "Column of labels: 1 taken, 0 refused");
  command.Add("--type", flags.type, "Column of kinds of interaction, such as click");
  command.Add("--context", flags.contexts, "Further column to keep, as context")
      .OneEachTime("COLUMN");
  command.Add("--time-unit", flags.time_unit, "Unit of numeric times (default: recognised)")
      .OneOf(Keys(TimeUnits()));
  command.Add("--positive", flags.positive, "What is learned from: COLUMN>=N or COLUMN=VALUE")
      .OneEachTime("RULE");
  command.Add("--negative", flags.negative, "What was refused: COLUMN<=N or COLUMN=VALUE")
      .OneEachTime("RULE");
  command.Add("--duplicates", flags.duplicates, "Which of a user's rows of one item to keep")
      .OneOf(Keys(DuplicateChoices()));
  command.Add("--min-user", flags.min_user, "Leave out users with fewer interactions (k-core)");
  command.Add("--min-item", flags.min_item, "Leave out items with fewer interactions (k-core)");
  command.Add("--range", flags.ranges, "Rows to keep: COLUMN=MIN..MAX").OneEachTime("RANGE");
  command.Add("--missing", flags.missing, "Cell that says nothing: COLUMN=VALUE")
      .OneEachTime("CELL");
  command.Add("--separator", flags.separators, "Between several values of a cell: COLUMN=|")
      .OneEachTime("SEPARATOR");
  command.Add("--delimiter", flags.delimiter,
              "Between cells of all tables (default: recognised); \\t is a tab");
  command
      .Add("--columns", flags.columns,
           "Names of the interactions' columns, where no header has them")
      .Separated(',');
  command.AddFlag("--no-quotes", flags.no_quotes, "Quotes are plain characters");
  command.AddFlag("--latin1", flags.latin1, "The tables are in ISO 8859-1");
  AddSkipBadRows(command, flags.skip_bad_rows);
  command.AddFlag("--force", flags.force, "Replace a data set that is there already");
}

absl::StatusOr<TableImportOptions> ReadImportTableFlags(const ImportTableFlags& flags) {
  ASSIGN_OR_RETURN(TableImportOptions options, StartFromPreset(flags));
  if (options.interactions.files.empty()) SetFiles(flags.files, options.interactions);
  SetFiles(flags.items, options.items);
  SetFiles(flags.users, options.users);
  if (flags.delimiter.find_first_of("\"\r\n") != std::string::npos)
    return absl::InvalidArgumentError("--delimiter: a quote or a line end cannot be one");
  TableFormat& format = options.interactions.format;
  if (!flags.delimiter.empty()) format.kind = TableFormat::Kind::kDelimited;
  if (!flags.columns.empty()) format.columns = flags.columns;
  for (TableSource* source :
       std::initializer_list<TableSource*>{&options.interactions, &options.items, &options.users})
    SetFormat(flags, source->format);
  if (!flags.item_id.empty()) options.items.id = flags.item_id;
  if (!flags.user_id.empty()) options.users.id = flags.user_id;
  if (!flags.item_columns.empty()) options.items.columns = flags.item_columns;
  if (!flags.user_columns.empty()) options.users.columns = flags.user_columns;

  DatasetSpec declared;
  if (!flags.spec.empty()) {
    ASSIGN_OR_RETURN(declared, ReadDatasetSpec(flags.spec));
  }
  ASSIGN_OR_RETURN(const DatasetSpec by_flags, SpecOf(flags));
  declared = Overlay(std::move(declared), by_flags);
  for (const ColumnSpec& column : declared.columns) options.needed.push_back(column.name);
  options.spec = Overlay(std::move(options.spec), declared);
  options.contexts.insert(options.contexts.end(), flags.contexts.begin(), flags.contexts.end());
  options.skip_bad_rows = flags.skip_bad_rows;
  options.force = flags.force;
  return options;
}

}  // namespace shortlist
