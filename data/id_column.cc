#include "data/id_column.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/text/strings.h"
#include "features/user_state.h"

namespace shortlist {

absl::StatusOr<size_t> FindIdColumn(const AtomicFile& file, const std::string& kind) {
  std::optional<size_t> column = file.FindColumn(kind + "_id");
  for (size_t c = 0; c < file.columns().size() && !column; ++c)
    if (file.columns()[c].name.find(kind) != std::string::npos) column = c;
  if (!column)
    return file.HeaderError(absl::StrCat("there is no column for the ", kind, ": one named ", kind,
                                         "_id, or with ", kind, " in its name"));
  if (file.columns()[*column].type != AtomicType::kToken)
    return file.HeaderError(
        absl::StrCat("the ids in column ", file.columns()[*column].name, " must be of type token"));
  return *column;
}

absl::Status CheckId(std::string_view id, std::string_view column) {
  if (id.empty()) return absl::InvalidArgumentError(absl::StrCat(AbslView(column), " is empty"));
  if (id.size() > kMaxTextBytes)
    return absl::InvalidArgumentError(
        absl::StrCat(AbslView(column), " is longer than ", kMaxTextBytes, " bytes"));
  return absl::OkStatus();
}

}  // namespace shortlist
