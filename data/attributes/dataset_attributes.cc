#include "data/attributes/dataset_attributes.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "data/attributes/attribute_columns.h"
#include "data/attributes/attribute_table.h"
#include "data/attributes/number_columns.h"
#include "data/attributes/separators.h"
#include "data/attributes/titles.h"
#include "data/attributes/vectors.h"
#include "features/user_state.h"

namespace shortlist {
namespace {

// Decides what neither the file's header nor `spec` says.
void Settle(const AtomicFile& file, const DatasetSpec& spec, LoadNotes& notes,
            AttributeColumn& column) {
  const ColumnSpec* said = spec.FindColumn(column.name);
  auto warn = [&](const std::optional<std::string>& warning) {
    if (warning) notes.Warn(file.path(), absl::StrCat("column ", column.name, ": ", *warning));
  };
  if (said != nullptr && !said->separator.empty()) {
    if (said->type == ColumnType::kRecognised) column.type = AttributeType::kTokens;
    column.separator = said->separator;
    return;
  }
  const bool declared = said != nullptr && said->type != ColumnType::kRecognised;
  warn(SettleNumbers(column, declared));
  if (column.type == AttributeType::kTokens) {
    SeparatorFinding finding = RecogniseSeparator(column.cells);
    column.separator = std::move(finding.separator);
    warn(finding.warning);
  }
}

// Takes out the columns of tokens that identify and have at least `least_values` values, and warns
// of those left that look like lists.
void LeaveOutIdentifying(const AtomicFile& file, size_t least_values, LoadNotes& notes,
                         std::vector<AttributeColumn>& columns) {
  std::erase_if(columns, [&](const AttributeColumn& column) {
    if (column.type == AttributeType::kNumber) return false;
    const size_t values = CountDistinctValues(column);
    const bool identifies = values >= least_values && Identifies(values, column.cells.size());
    if (identifies) NoteIdentifying(file.path(), column.name, notes);
    return identifies;
  });
  for (const AttributeColumn& column : columns) {
    if (column.type != AttributeType::kToken) continue;
    if (const auto warning = WarningOfLists(column.cells))
      notes.Warn(file.path(), absl::StrCat("column ", column.name, ": ", *warning));
  }
}

// The column that `spec` declares, otherwise FindTitle's.
absl::StatusOr<std::optional<size_t>> ChooseTitle(const AtomicFile& file, const DatasetSpec& spec,
                                                  const std::vector<AttributeColumn>& columns) {
  std::optional<size_t> title;
  for (size_t c = 0; c < columns.size(); ++c) {
    const ColumnSpec* said = spec.FindColumn(columns[c].name);
    if (said == nullptr || said->type != ColumnType::kTitle) continue;
    if (title)
      return file.HeaderError(absl::StrCat("columns ", columns[*title].name, " and ",
                                           columns[c].name, " are both declared as title"));
    title = c;
  }
  return title ? title : FindTitle(columns);
}

// Takes the title's column out of `columns`. Empty when there is none.
absl::StatusOr<std::vector<std::string>> TakeTitles(const AtomicFile& file, const DatasetSpec& spec,
                                                    LoadNotes& notes,
                                                    std::vector<AttributeColumn>& columns) {
  ASSIGN_OR_RETURN(const std::optional<size_t> title, ChooseTitle(file, spec, columns));
  if (!title) return std::vector<std::string>();
  const auto column = columns.begin() + static_cast<std::ptrdiff_t>(*title);
  notes.Inform(file.path(), absl::StrCat("column ", column->name, " is the title"));
  std::vector<std::string> titles(column->cells.begin(), column->cells.end());
  columns.erase(column);
  return titles;
}

// Gives the items the vectors of the file beside theirs, if there is one, or of the column of
// vectors, which it takes out of `columns`. `rows`: by row of the file the row of the item.
absl::Status TakeVectors(const AtomicFile& file, std::span<const uint32_t> rows, LoadNotes& notes,
                         std::vector<AttributeColumn>& columns, CatalogData& items) {
  const auto column =
      std::find_if(columns.begin(), columns.end(), [](const auto& c) { return c.is_vector; });
  const std::string vector_file = file.path() + kVectorFileEnding;
  std::error_code error;
  if (std::filesystem::exists(vector_file, error)) {
    if (column != columns.end())
      return absl::InvalidArgumentError(absl::StrCat(
          vector_file, ": vectors are in column ", column->name, " of ", file.path(),
          " as well; remove one of them, or declare the column as COLUMN_TYPE_IGNORED"));
    RETURN_IF_ERROR(ReadVectorFile(vector_file, rows, items));
    notes.Inform(vector_file, absl::StrCat("has vectors of ", items.vector_dim, " numbers"));
    return absl::OkStatus();
  }
  if (column == columns.end()) return absl::OkStatus();
  if (const std::optional<std::string> why = ReadVectors(*column, items)) {
    notes.Warn(file.path(), absl::StrCat("column ", column->name, " is ignored: ", *why));
  } else {
    notes.Inform(file.path(), absl::StrCat("column ", column->name, " has vectors of ",
                                           items.vector_dim, " numbers"));
  }
  columns.erase(column);
  return absl::OkStatus();
}

RowNumbering NumberRows(const Interner& ids, const NoRow& no_row,
                        std::vector<AttributeColumn>& columns) {
  std::vector<bool> left_out = no_row.ids;
  left_out.resize(ids.size(), no_row.ids_of_the_file);
  RowNumbering numbering = NumberByBytes(ids, left_out);
  Renumber(numbering, columns);
  return numbering;
}

// Leaves out, value by value, what TrimToBounds does, since no request says it.
void LeaveOutBeyondBounds(const std::string& file, LoadNotes& notes, AttributeCodes& attributes) {
  std::vector<size_t> field_of;  // By code.
  std::vector<bool> too_long;
  for (size_t f = 0; f < attributes.schema.size(); ++f) {
    for (const std::string& value : attributes.schema[f].values) {
      field_of.push_back(f);
      too_long.push_back(value.size() > kMaxTextBytes);
    }
  }
  AttributeCodes bounded;
  bounded.offsets.reserve(attributes.offsets.size());
  bounded.offsets.push_back(0);
  for (size_t row = 0; row + 1 < attributes.offsets.size(); ++row) {
    size_t field = 0, values = 0;
    for (const uint32_t code : CodesOf(attributes, row)) {
      if (field_of[code] != std::exchange(field, field_of[code])) values = 0;
      if (too_long[code] || ++values > kMaxAttributeValues) continue;
      bounded.codes.push_back(code);
    }
    bounded.offsets.push_back(bounded.codes.size());
  }
  if (bounded.codes.size() == attributes.codes.size()) return;
  notes.Warn(file, absl::StrCat("of lists with more than ", kMaxAttributeValues,
                                " values the first are taken, and values of more than ",
                                kMaxTextBytes, " bytes are left out: ",
                                attributes.codes.size() - bounded.codes.size(), " in all"));
  attributes.offsets = std::move(bounded.offsets);
  attributes.codes = std::move(bounded.codes);
}

}  // namespace

absl::StatusOr<RowNumbering> ReadItemAttributes(const AtomicFile* file, const DatasetSpec& spec,
                                                Interner& ids, const NoRow& no_row,
                                                BadRows& bad_rows, LoadNotes& notes,
                                                CatalogData& items) {
  std::vector<AttributeColumn> columns;
  std::vector<uint32_t> file_rows;
  if (file != nullptr) {
    ASSIGN_OR_RETURN(columns,
                     ReadAttributeTable(*file, "item", spec, ids, bad_rows, notes, &file_rows));
  }
  RowNumbering rows = NumberRows(ids, no_row, columns);
  items.ids = rows.ids;
  if (file != nullptr) {
    for (uint32_t& row : file_rows)
      row = row == kBadRow ? RowNumbering::kLeftOut : rows.new_rows[row];
    RETURN_IF_ERROR(TakeVectors(*file, file_rows, notes, columns, items));
    ASSIGN_OR_RETURN(items.titles, TakeTitles(*file, spec, notes, columns));
    for (AttributeColumn& column : columns) Settle(*file, spec, notes, column);
    LeaveOutIdentifying(*file, kManyValues, notes, columns);
  }
  EncodedAttributes attributes = EncodeAttributes(columns, items.ids.size());
  items.schema = std::move(attributes.codes.schema);
  items.code_offsets = std::move(attributes.codes.offsets);
  items.codes = std::move(attributes.codes.codes);
  items.numbers = std::move(attributes.numbers);
  return rows;
}

absl::StatusOr<UserAttributes> ReadUserAttributes(const AtomicFile* file, const DatasetSpec& spec,
                                                  Interner& ids, const NoRow& no_row,
                                                  BadRows& bad_rows, LoadNotes& notes) {
  std::vector<AttributeColumn> columns;
  if (file != nullptr) {
    ASSIGN_OR_RETURN(columns, ReadAttributeTable(*file, "user", spec, ids, bad_rows, notes));
  }
  RowNumbering rows = NumberRows(ids, no_row, columns);
  if (file != nullptr) {
    for (AttributeColumn& column : columns) Settle(*file, spec, notes, column);
    LeaveOutIdentifying(*file, 1, notes, columns);
    if (columns.size() > kMaxAttributes) {
      notes.Warn(file->path(), absl::StrCat("of ", columns.size(), " columns the first ",
                                            kMaxAttributes, " are taken"));
      columns.erase(columns.begin() + kMaxAttributes, columns.end());
    }
  }
  EncodedAttributes attributes = EncodeAttributes(columns, rows.ids.size());
  if (file != nullptr) LeaveOutBeyondBounds(file->path(), notes, attributes.codes);
  return UserAttributes{std::move(rows), std::move(attributes.codes),
                        std::move(attributes.numbers)};
}

void NoteIdentifying(const std::string& file, const std::string& column, LoadNotes& notes) {
  notes.Inform(
      file, absl::StrCat("column ", column, " is left out: more than half as many values as rows"));
}

}  // namespace shortlist
