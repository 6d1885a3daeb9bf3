#include "retrieval/content/item_vectors.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/vector_kernels.h"
#include "retrieval/top_items.h"

namespace shortlist {

absl::Status WriteItemVectors(std::span<const float> vectors, uint32_t dim,
                              const std::filesystem::path& path) {
  std::vector<float> lengths;
  lengths.reserve(vectors.size() / dim);
  for (size_t begin = 0; begin < vectors.size(); begin += dim)
    lengths.push_back(LengthOf(vectors.subspan(begin, dim)));
  ArrayFileWriter writer;
  writer.AddOwned<uint32_t>("dim", {dim});
  writer.Add<float>("vectors", vectors);
  writer.AddOwned("lengths", std::move(lengths));
  return writer.Write(path);
}

absl::StatusOr<ItemVectors> ItemVectors::Open(const std::filesystem::path& path,
                                              uint32_t item_count) {
  ItemVectors result;
  ASSIGN_OR_RETURN(result.file_, ArrayFile::Open(path));
  ASSIGN_OR_RETURN(const std::span<const uint32_t> dim, result.file_.Get<uint32_t>("dim", 1));
  result.dim_ = dim[0];
  if (result.dim_ == 0 || result.dim_ > kMaxVectorDim)
    return absl::DataLossError(absl::StrCat(result.file_.path(), ": vectors of ", result.dim_,
                                            " numbers are not supported"));
  ASSIGN_OR_RETURN(result.vectors_,
                   result.file_.Get<float>("vectors", size_t{item_count} * result.dim_));
  ASSIGN_OR_RETURN(result.lengths_, result.file_.Get<float>("lengths", item_count));
  if (!std::all_of(result.lengths_.begin(), result.lengths_.end(),
                   [](float length) { return std::isfinite(length) && length >= 0; }))
    return absl::DataLossError(absl::StrCat(result.file_.path(), ": a length is none"));
  return result;
}

ItemVectors ItemVectors::WithItems(std::span<const float> vectors,
                                   std::span<const float> lengths) const {
  ItemVectors longer = *this;
  longer.vectors_ = vectors;
  longer.lengths_ = lengths;
  return longer;
}

absl::StatusOr<std::vector<ScoredItem>> ItemVectors::Nearest(
    std::span<const float> query, const ItemFilter& filter, size_t k,
    absl::FunctionRef<absl::Status()> check) const {
  constexpr size_t kRowsBetweenChecks = 4096;
  const auto item_count = static_cast<uint32_t>(lengths_.size());
  const float length = LengthOf(query);
  k = std::min<size_t>(k, filter.PassingCount(item_count));
  if (k == 0 || length == 0) return std::vector<ScoredItem>();
  std::vector<float> unit(query.begin(), query.end());
  for (float& x : unit) x /= length;
  TopItems top(k);
  absl::Status status;
  size_t passing = 0;
  filter.ForEachPassing(item_count, [&](ItemRow row) {
    if (++passing % kRowsBetweenChecks == 0 && status.ok()) status = check();
    if (lengths_[row] == 0 || !status.ok()) return;
    const float product = DotProduct(unit.data(), vectors_.data() + size_t{row} * dim_, dim_);
    top.Add({row, std::clamp(product / lengths_[row], -1.0F, 1.0F)});
  });
  RETURN_IF_ERROR(status);
  return std::move(top).Take();
}

}  // namespace shortlist
