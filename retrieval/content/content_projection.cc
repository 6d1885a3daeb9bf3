#include "retrieval/content/content_projection.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/vector_kernels.h"
#include "features/item_factors.h"

namespace shortlist {
namespace {

constexpr uint32_t kLargestDim = 4096;

}  // namespace

absl::Status WriteContentProjection(const ContentProjectionData& data,
                                    const std::filesystem::path& path) {
  ArrayFileWriter writer;
  AddContentFeatures(writer, data.features);
  std::vector<uint32_t> dims;
  for (size_t t = 0; t < kContentTableCount; ++t) {
    dims.push_back(static_cast<uint32_t>(data.tables[t].dim));
    writer.Add<int8_t>(kContentTables[t].name, data.tables[t].rows);
  }
  writer.AddOwned("dims", std::move(dims));
  return writer.Write(path);
}

absl::StatusOr<ContentProjection> ContentProjection::Open(const std::filesystem::path& path,
                                                          uint32_t code_count) {
  ContentProjection result;
  ASSIGN_OR_RETURN(result.file_, ArrayFile::Open(path));
  ASSIGN_OR_RETURN(result.features_, ContentFeatures::Open(result.file_));
  auto corrupt = [&](const char* what) {
    return absl::DataLossError(absl::StrCat(result.file_.path(), ": ", what));
  };
  if (result.features_.code_count() != code_count)
    return corrupt("is of another schema than the catalog's");
  ASSIGN_OR_RETURN(const std::span<const uint32_t> dims,
                   result.file_.Get<uint32_t>("dims", kContentTableCount));
  for (size_t t = 0; t < kContentTableCount; ++t) {
    Table& table = result.tables_[t];
    table.dim = dims[t];
    if (table.dim > kLargestDim || (t == 0 && table.dim == 0))
      return corrupt("a dimension is wrong");
    const size_t rows = table.dim == 0 ? 0 : size_t{result.features_.row_count()} + 1;
    const size_t size = FactorRowSize(table.dim);
    ASSIGN_OR_RETURN(table.rows, result.file_.Get<int8_t>(kContentTables[t].name, rows * size));
    for (size_t row = 0; row < rows; ++row)
      if (!AreSoundFactors(table.rows.subspan(row * size, size)))
        return corrupt("a number is not finite or too large");
  }
  return result;
}

std::optional<ProjectedItem> ContentProjection::Project(const ItemContent& content) const {
  const std::vector<ContentFeature> features = features_.Encode(content);
  if (features.empty()) return std::nullopt;
  ProjectedItem item;
  for (size_t t = 0; t < kContentTableCount; ++t) {
    const Table& table = tables_[t];
    if (table.dim == 0) continue;
    const size_t size = FactorRowSize(table.dim);
    std::vector<float>& row = item.*kContentTables[t].row;
    row.assign(table.dim, 0);
    AddFactors(table.rows.first(size), 1, row);
    for (const ContentFeature& feature : features)
      AddFactors(table.rows.subspan((feature.row + size_t{1}) * size, size), feature.value, row);
  }
  const float length =
      std::sqrt(DotProduct(item.embedding.data(), item.embedding.data(), item.embedding.size()));
  if (length > 0) {
    for (float& x : item.embedding) x /= length;
  } else {
    item.embedding[0] = 1;  // Any direction will do.
  }
  return item;
}

}  // namespace shortlist
