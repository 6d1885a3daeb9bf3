#include "data/attributes/attribute_table.h"

#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "data/id_column.h"

namespace shortlist {
namespace {

// What becomes of a file's column.
struct Source {
  size_t column;  // Position in the file.
  AttributeColumn attribute;
  const ColumnSpec* said;  // May be null.
};

// None: no attribute.
std::optional<AttributeType> TypeOf(AtomicType type, const ColumnSpec* said) {
  switch (said == nullptr ? ColumnType::kRecognised : said->type) {
    case ColumnType::kIgnored:
      return std::nullopt;
    case ColumnType::kNumber:
      return AttributeType::kNumber;
    case ColumnType::kTokens:
      return AttributeType::kTokens;
    case ColumnType::kToken:
    case ColumnType::kTitle:
      return AttributeType::kToken;
    case ColumnType::kRecognised:
      break;
  }
  switch (type) {
    case AtomicType::kToken:
      return AttributeType::kToken;
    case AtomicType::kTokenSeq:
      return AttributeType::kTokens;
    case AtomicType::kFloat:
      return AttributeType::kNumber;
    case AtomicType::kFloatSeq:
      break;
  }
  return std::nullopt;
}

std::vector<Source> FindSources(const AtomicFile& file, const std::string& kind,
                                const DatasetSpec& spec, size_t id_column, LoadNotes& notes) {
  std::vector<Source> sources;
  bool has_vectors = kind != "item";
  for (size_t c = 0; c < file.columns().size(); ++c) {
    if (c == id_column) continue;
    const auto& [name, type] = file.columns()[c];
    const ColumnSpec* said = spec.FindColumn(name);
    const std::optional<AttributeType> attribute = TypeOf(type, said);
    if (attribute) {
      sources.push_back({c, {.name = name, .type = *attribute, .cells = {}}, said});
    } else if (said != nullptr && said->type == ColumnType::kIgnored) {
      continue;
    } else if (!has_vectors) {
      has_vectors = true;
      sources.push_back({c, {.name = name, .cells = {}, .is_vector = true}, said});
    } else {
      notes.Warn(file.path(), absl::StrCat("column ", name, " is ignored: ",
                                           kind == "item" ? "there are vectors of the items already"
                                                          : "lists of numbers are not supported"));
    }
  }
  return sources;
}

}  // namespace

absl::StatusOr<std::vector<AttributeColumn>> ReadAttributeTable(
    const AtomicFile& file, const std::string& kind, const DatasetSpec& spec, Interner& ids,
    BadRows& bad_rows, LoadNotes& notes, std::vector<uint32_t>* ids_by_row) {
  ASSIGN_OR_RETURN(size_t id_column, FindIdColumn(file, kind));
  const std::string& id_name = file.columns()[id_column].name;
  std::vector<Source> sources = FindSources(file, kind, spec, id_column, notes);
  std::vector<bool> seen(ids.size());
  std::vector<uint32_t> rows;
  const uint64_t bad_before = bad_rows.count();
  uint64_t good = 0;
  RETURN_IF_ERROR(file.ForEachRow(bad_rows, [&](std::span<const std::string_view> cells) {
    std::string_view id = cells[id_column];
    RETURN_IF_ERROR(CheckId(id, id_name));
    if (auto row = ids.Find(id); row && seen[*row])
      return absl::InvalidArgumentError(
          absl::StrCat("a second row for the ", kind, " \"", AbslView(id), "\""));
    uint32_t row = ids.Intern(id);
    seen.resize(ids.size());
    seen[row] = true;
    rows.resize(good++ + bad_rows.count() - bad_before, kBadRow);
    rows.push_back(row);
    for (auto& [column, attribute, said] : sources) {
      attribute.cells.resize(ids.size());
      if (said == nullptr ||
          !said->IsMissing(cells[column], attribute.type == AttributeType::kNumber))
        attribute.cells[row] = cells[column];
    }
    return absl::OkStatus();
  }));
  rows.resize(good + bad_rows.count() - bad_before, kBadRow);
  if (ids_by_row != nullptr) *ids_by_row = std::move(rows);
  std::vector<AttributeColumn> columns;
  for (auto& [column, attribute, said] : sources) {
    attribute.cells.resize(ids.size());
    columns.push_back(std::move(attribute));
  }
  return columns;
}

}  // namespace shortlist
