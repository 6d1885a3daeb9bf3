// Which columns of a table go into a data set, under which names, and as what.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "data/dataset_spec.h"
#include "data/importing/table_sample.h"

namespace shortlist {

enum class CellKind {
  kId,
  kNumber,  // Others are errors.
  kTime,
  kAttributeNumber,  // Others are left to LoadDataset, to which they are missing.
  kText
};

struct OutputColumn {
  std::string source;  // The table's name for it.
  std::string name;    // The data set's.
  CellKind kind;
  std::string_view type;  // As the atomic file's header says it: "token", "token_seq", "float".
  std::vector<std::string> missing = {};  // Cells that are declared to say nothing.
};

struct IgnoredColumn {
  std::string source;
  std::string why;
};

struct OutputColumns {
  std::vector<OutputColumn> columns;  // The ids first.
  std::vector<IgnoredColumn> ignored;
  // Of one item for each "ITEM-0" and "ITEM-1" in the item's cell, as MIND has it: shown and
  // refused, shown and taken.
  bool impressions = false;
};

// Of the interactions: user, item, rating, label, time and type, as `spec` declares them or their
// names say; what rules and declarations in `spec` are about; and `contexts`. `spec` has the names
// of the table and is given those of the data set. `table` is what messages call the table.
absl::StatusOr<OutputColumns> ChooseInteractionColumns(const TableSample& sample,
                                                       const std::vector<std::string>& contexts,
                                                       bool impressions, std::string_view table,
                                                       DatasetSpec& spec);

// What a table of attributes is.
struct AttributeTable {
  std::string kind;                  // "item" or "user".
  std::string id;                    // The column that is declared to be the id; empty: none.
  std::string interactions_id;       // Where the interactions have it.
  std::vector<std::string> columns;  // Those to keep; empty: all that can be attributes.
};

// Of a table of attributes: the id, which is the declared column, or else has the name of that of
// the interactions or one that is usual; and the columns to keep. What their cells hold is added to
// `spec` where that has to be said. `path` is what messages call the table.
absl::StatusOr<OutputColumns> ChooseAttributeColumns(const TableSample& sample,
                                                     const AttributeTable& table,
                                                     std::string_view path, DatasetSpec& spec);

}  // namespace shortlist
