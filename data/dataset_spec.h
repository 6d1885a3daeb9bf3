// What the columns of a data set mean, where that is not what their names and cells say. Stands as
// protobuf text in NAME.spec.txtpb beside NAME.inter; proto/shortlist/v1/dataset_spec.proto
// documents every field.
//
//   ASSIGN_OR_RETURN(const DatasetSpec spec, ReadDatasetSpec("movielens/movielens.spec.txtpb"));
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace shortlist {

// What follows a data set's name in that of the file.
inline constexpr std::string_view kDatasetSpecEnding = ".spec.txtpb";

// The numbers of these enums are those of the protobuf ones.
enum class TimeUnit {
  kRecognised = 0,  // By the size of the numbers, row by row.
  kSeconds = 1,     // Since the Unix epoch, like the next three.
  kMilliseconds = 2,
  kMicroseconds = 3,
  kNanoseconds = 4,
  kCalendar = 5,  // 20190131, 20190131120000 or "2019-01-31 12:00:00", UTC.
  kOrder = 6,     // Only says in which order things happened.
};

// Of several interactions of a user with an item.
enum class Duplicates { kUnsaid = 0, kAll = 1, kFirst = 2, kLast = 3 };  // Unsaid: all.

enum class ColumnType {
  kRecognised = 0,
  kToken = 1,
  kTokens = 2,
  kNumber = 3,
  kTitle = 4,
  kIgnored = 5,
};

// An interaction whose cell of `column` meets the condition is worth `worth`. An empty cell meets
// none.
struct WorthRule {
  enum class Condition { kIs, kAtLeast, kAtMost };

  std::string column;
  Condition condition = Condition::kIs;
  std::string is;    // Of kIs: the cell, as text or, where both are numbers, as a number.
  double bound = 0;  // Of kAtLeast and kAtMost.
  float worth = 1;   // Above 0: to learn from; 0: says nothing; below 0: refused.

  bool operator==(const WorthRule&) const = default;
};

struct ColumnSpec {
  std::string name;
  ColumnType type = ColumnType::kRecognised;
  std::string separator;             // Between the values of kTokens; empty: recognised.
  std::vector<std::string> missing;  // Cells that mean that there is no value.
  std::optional<double> min, max;    // Rows of NAME.inter outside are left out.

  // Whether a cell is one of `missing`: as text or, in a column of numbers, as a number.
  bool IsMissing(std::string_view cell, bool of_numbers) const;
  bool operator==(const ColumnSpec&) const = default;
};

struct DatasetSpec {
  // Empty: recognised by the name.
  std::string user_column, item_column, time_column, rating_column, label_column, type_column;
  TimeUnit time_unit = TimeUnit::kRecognised;
  std::vector<WorthRule> worth;  // The first that is met counts. None: derived from the data.
  std::vector<ColumnSpec> columns;
  Duplicates duplicates = Duplicates::kUnsaid;
  // k-core; 0: everybody stays.
  uint32_t min_user_interactions = 0;
  uint32_t min_item_interactions = 0;

  bool operator==(const DatasetSpec&) const = default;

  // The column of that name; null where nothing is said of it.
  const ColumnSpec* FindColumn(std::string_view name) const;
};

// Errors name file, line and field.
absl::StatusOr<DatasetSpec> ReadDatasetSpec(const std::filesystem::path& path);

// Replaces the file as a whole. What it says is what ReadDatasetSpec makes of it.
absl::Status WriteDatasetSpec(const DatasetSpec& spec, const std::filesystem::path& path);

}  // namespace shortlist
