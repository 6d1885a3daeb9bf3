#include "data/attribute_table.h"

#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "common/strings.h"
#include "data/id_column.h"

namespace shortlist {
namespace {

// What becomes of a file's column.
struct Source {
  size_t column;  // Position in the file.
  AttributeColumn attribute;
};

std::vector<Source> FindSources(const AtomicFile& file, size_t id_column) {
  std::vector<Source> sources;
  for (size_t c = 0; c < file.columns().size(); ++c) {
    if (c == id_column) continue;
    const auto& [name, type] = file.columns()[c];
    switch (type) {
      case AtomicType::kToken:
        sources.push_back({c, {name, AttributeType::kToken, {}}});
        break;
      case AtomicType::kTokenSeq:
        sources.push_back({c, {name, AttributeType::kTokens, {}}});
        break;
      case AtomicType::kFloat:
        sources.push_back({c, {name, AttributeType::kNumber, {}}});
        break;
      case AtomicType::kFloatSeq:
        LogWarning(absl::StrCat(file.path(), ": column ", name,
                                " is ignored: lists of numbers are not supported"));
    }
  }
  return sources;
}

}  // namespace

absl::StatusOr<std::vector<AttributeColumn>> ReadAttributeTable(const AtomicFile& file,
                                                                const std::string& kind,
                                                                Interner& ids, BadRows& bad_rows) {
  ASSIGN_OR_RETURN(size_t id_column, FindIdColumn(file, kind));
  const std::string& id_name = file.columns()[id_column].name;
  std::vector<Source> sources = FindSources(file, id_column);
  std::vector<bool> seen(ids.size());
  RETURN_IF_ERROR(file.ForEachRow(bad_rows, [&](std::span<const std::string_view> cells) {
    std::string_view id = cells[id_column];
    RETURN_IF_ERROR(CheckId(id, id_name));
    if (auto row = ids.Find(id); row && seen[*row])
      return absl::InvalidArgumentError(
          absl::StrCat("a second row for the ", kind, " \"", AbslView(id), "\""));
    for (const auto& [column, attribute] : sources)
      if (attribute.type == AttributeType::kNumber && !cells[column].empty())
        RETURN_IF_ERROR(ParseNumber(cells[column], attribute.name).status());
    uint32_t row = ids.Intern(id);
    seen.resize(ids.size());
    seen[row] = true;
    for (auto& [column, attribute] : sources) {
      attribute.cells.resize(ids.size());
      attribute.cells[row] = cells[column];
    }
    return absl::OkStatus();
  }));
  std::vector<AttributeColumn> columns;
  for (auto& [column, attribute] : sources) {
    attribute.cells.resize(ids.size());
    columns.push_back(std::move(attribute));
  }
  return columns;
}

}  // namespace shortlist
