#include "data/movielens/rating_converter.h"

#include "common/status_macros.h"
#include "data/importing/interaction_cells.h"

namespace shortlist {
namespace {

absl::Status AppendLine(std::span<const std::string_view> cells, std::string& lines) {
  RETURN_IF_ERROR(AppendIdCell(cells[0], "the user id", lines));
  lines += '\t';
  RETURN_IF_ERROR(AppendIdCell(cells[1], "the item id", lines));
  lines += '\t';
  if (cells[2].empty()) return absl::InvalidArgumentError("the rating is empty");
  RETURN_IF_ERROR(AppendNumberCell(cells[2], "the rating", lines));
  lines += '\t';
  if (cells[3].empty()) return absl::InvalidArgumentError("the timestamp is empty");
  RETURN_IF_ERROR(AppendTimeCell(cells[3], "the timestamp", lines));
  lines += '\n';
  return absl::OkStatus();
}

}  // namespace

absl::Status RatingConverter::Convert(std::span<const std::string_view> cells, std::string& lines) {
  const size_t begin = lines.size();
  absl::Status status = AppendLine(cells, lines);
  if (!status.ok()) {
    lines.resize(begin);
    return status;
  }
  users_.Add(cells[0]);
  items_.Add(cells[1]);
  return absl::OkStatus();
}

}  // namespace shortlist
