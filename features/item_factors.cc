#include "features/item_factors.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace shortlist {

absl::Status WriteItemFactors(const ItemFactorsData& data, const std::filesystem::path& path) {
  return WriteItemFactors(
      data.dim, data.from.size() / std::max<size_t>(data.dim, 1), data.weights,
      [&](size_t from) { return std::span(data.from).subspan(from); },
      [&](size_t from) { return std::span(data.to).subspan(from); }, path);
}

absl::Status WriteItemFactors(size_t dim, size_t items, std::vector<float> weights,
                              std::function<std::span<const float>(size_t)> make_from,
                              std::function<std::span<const float>(size_t)> make_to,
                              const std::filesystem::path& path) {
  ArrayFileWriter writer;
  writer.AddOwned<uint32_t>("dim", {static_cast<uint32_t>(dim)});
  writer.AddMade<float>("from", items * dim, std::move(make_from));
  writer.AddMade<float>("to", items * dim, std::move(make_to));
  writer.AddOwned<float>("weights", std::move(weights));
  return writer.Write(path);
}

absl::StatusOr<ItemFactors> ItemFactors::Open(const std::filesystem::path& path,
                                              uint32_t item_count) {
  ItemFactors result;
  ASSIGN_OR_RETURN(result.file_, ArrayFile::Open(path));
  ASSIGN_OR_RETURN(const std::span<const uint32_t> dim, result.file_.Get<uint32_t>("dim", 1));
  result.dim_ = dim[0];
  const size_t length = size_t{item_count} * result.dim_;
  ASSIGN_OR_RETURN(result.from_, result.file_.Get<float>("from", length));
  ASSIGN_OR_RETURN(result.to_, result.file_.Get<float>("to", length));
  ASSIGN_OR_RETURN(result.weights_, result.file_.Get<float>("weights"));
  for (const std::span<const float> numbers : {result.from_, result.to_, result.weights_})
    if (!std::all_of(numbers.begin(), numbers.end(), [](float x) { return std::isfinite(x); }))
      return absl::DataLossError(absl::StrCat(result.file_.path(), ": a number is not finite"));
  return result;
}

}  // namespace shortlist
