#include "data/attributes/vectors.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/decimal.h"
#include "data/attributes/values.h"
#include "data/row_numbering.h"
#include "data/tables/npy_file.h"

namespace shortlist {

std::optional<std::string> ReadVectors(const AttributeColumn& column, CatalogData& items) {
  std::vector<std::vector<float>> rows(column.cells.size());
  size_t dim = 0;
  for (size_t row = 0; row < rows.size(); ++row) {
    std::optional<std::string_view> other;
    ForEachValue(column.cells[row], " ", [&](std::string_view value) {
      const std::optional<double> number = ParseDecimal(value);
      if (number && std::abs(*number) <= kLargestVectorNumber) {
        rows[row].push_back(static_cast<float>(*number));
      } else {
        other = value;
      }
    });
    if (other) return absl::StrCat("\"", AbslView(*other), "\" is no number of a vector");
    if (rows[row].empty()) continue;
    if (dim == 0) dim = rows[row].size();
    if (rows[row].size() != dim)
      return absl::StrCat("lists of ", dim, " and of ", rows[row].size(),
                          " numbers are no vectors of one space");
  }
  if (dim == 0) return "it is empty";
  if (dim > kMaxVectorDim)
    return absl::StrCat("vectors of more than ", kMaxVectorDim, " numbers are not supported");
  items.vector_dim = static_cast<uint32_t>(dim);
  items.vectors.assign(rows.size() * dim, 0);
  for (size_t row = 0; row < rows.size(); ++row)
    std::copy(rows[row].begin(), rows[row].end(),
              items.vectors.begin() + static_cast<ptrdiff_t>(row * dim));
  return std::nullopt;
}

absl::Status ReadVectorFile(const std::filesystem::path& path, std::span<const uint32_t> rows,
                            CatalogData& items) {
  ASSIGN_OR_RETURN(const NpyMatrix matrix, ReadNpyMatrix(path));
  const auto wrong = [&](const auto&... what) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": ", what...));
  };
  if (matrix.rows != rows.size())
    return wrong("has ", matrix.rows, " rows, and the file of the items ", rows.size());
  const size_t dim = matrix.columns;
  if (dim == 0 || dim > kMaxVectorDim)
    return wrong("vectors of ", dim, " numbers are not supported: 1 to ", kMaxVectorDim, " are");
  items.vector_dim = static_cast<uint32_t>(dim);
  items.vectors.assign(items.ids.size() * dim, 0);
  for (size_t row = 0; row < rows.size(); ++row)
    if (rows[row] != RowNumbering::kLeftOut)
      std::copy_n(matrix.values.begin() + static_cast<ptrdiff_t>(row * dim), dim,
                  items.vectors.begin() + static_cast<ptrdiff_t>(rows[row] * dim));
  return absl::OkStatus();
}

}  // namespace shortlist
