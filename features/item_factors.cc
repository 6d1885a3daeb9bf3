#include "features/item_factors.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/background/pace.h"
#include "common/status_macros.h"
#include "common/vector_kernels.h"

namespace shortlist {
namespace {

constexpr float kLargestCode = 127;

float ScaleOf(std::span<const int8_t> row) {
  float scale;
  std::memcpy(&scale, row.data() + row.size() - sizeof scale, sizeof scale);
  return scale;
}

// Larger ones would make sums that are not finite.
bool IsSound(float x) { return std::abs(x) <= 1e6F; }

bool AreSound(std::span<const float> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), IsSound);
}

std::vector<int8_t> EncodedRows(std::span<const float> numbers, size_t dim, size_t items) {
  std::vector<int8_t> rows(items * FactorRowSize(dim));
  for (size_t i = 0; i < items; ++i)
    EncodeFactors(numbers.subspan(i * dim, dim),
                  std::span(rows).subspan(i * FactorRowSize(dim), FactorRowSize(dim)));
  return rows;
}

}  // namespace

void EncodeFactors(std::span<const float> numbers, std::span<int8_t> row) {
  float largest = 0;
  for (float x : numbers) largest = std::max(largest, std::abs(x));
  const float scale = largest / kLargestCode;
  for (size_t d = 0; d < numbers.size(); ++d)
    row[d] = scale > 0 ? static_cast<int8_t>(std::lround(
                             std::clamp(numbers[d] / scale, -kLargestCode, kLargestCode)))
                       : int8_t{0};
  std::memcpy(row.data() + numbers.size(), &scale, sizeof scale);
}

void AddFactors(std::span<const int8_t> row, float weight, std::span<float> sum) {
  AddScaled(weight * ScaleOf(row), row.data(), sum.data(), sum.size());
}

bool AreSoundFactors(std::span<const int8_t> row) { return IsSound(ScaleOf(row)); }

absl::Status WriteItemFactors(const ItemFactorsData& data, const std::filesystem::path& path) {
  if (!AreSound(data.from) || !AreSound(data.to) || !AreSound(data.weights))
    return absl::InvalidArgumentError(
        absl::StrCat(path.string(), ": a factor is not finite or too large"));
  const size_t items = data.from.size() / std::max<size_t>(data.dim, 1);
  const std::vector<int8_t> from = EncodedRows(data.from, data.dim, items);
  const std::vector<int8_t> to = EncodedRows(data.to, data.dim, items);
  return WriteItemFactors(
      data.dim, items, data.weights, [&](size_t at) { return std::span(from).subspan(at); },
      [&](size_t at) { return std::span(to).subspan(at); }, path);
}

absl::Status WriteItemFactors(size_t dim, size_t items, std::vector<float> weights,
                              std::function<std::span<const int8_t>(size_t)> make_from,
                              std::function<std::span<const int8_t>(size_t)> make_to,
                              const std::filesystem::path& path) {
  ArrayFileWriter writer;
  writer.AddOwned<uint32_t>("dim", {static_cast<uint32_t>(dim)});
  writer.AddMade<int8_t>("from", items * FactorRowSize(dim), std::move(make_from));
  writer.AddMade<int8_t>("to", items * FactorRowSize(dim), std::move(make_to));
  writer.AddOwned<float>("weights", std::move(weights));
  return writer.Write(path);
}

absl::StatusOr<ItemFactors> ItemFactors::Open(const std::filesystem::path& path,
                                              uint32_t item_count) {
  ItemFactors result;
  ASSIGN_OR_RETURN(result.file_, ArrayFile::Open(path));
  ASSIGN_OR_RETURN(const std::span<const uint32_t> dim, result.file_.Get<uint32_t>("dim", 1));
  result.dim_ = dim[0];
  const size_t size = size_t{item_count} * result.row_size();
  ASSIGN_OR_RETURN(result.from_, result.file_.Get<int8_t>("from", size));
  ASSIGN_OR_RETURN(result.to_, result.file_.Get<int8_t>("to", size));
  ASSIGN_OR_RETURN(result.weights_, result.file_.Get<float>("weights"));
  bool sound = AreSound(result.weights_);
  for (ItemRow item = 0; item < item_count && sound; ++item) {
    if (item % Pace::kRows == 0) Pace::Keep();
    sound = AreSoundFactors(result.from(item)) && AreSoundFactors(result.to(item));
  }
  if (!sound)
    return absl::DataLossError(
        absl::StrCat(result.file_.path(), ": a number is not finite or too large"));
  return result;
}

void ItemFactors::AddRow(std::span<const int8_t> row, float weight, std::span<float> query) const {
  AddScaled(weight * ScaleOf(row), row.data(), query.data(), row.size());
  std::fill(query.begin() + static_cast<ptrdiff_t>(dim_), query.end(), 0.0F);
}

std::vector<float> ItemFactors::Products(std::span<const ItemRow> items, ItemRow candidate) const {
  std::vector<float> query = Query();
  AddRow(to(candidate), 1, query);
  return ProductsOf(from_, query, items);
}

std::vector<float> ItemFactors::ProductsOf(std::span<const int8_t> rows,
                                           std::span<const float> query,
                                           std::span<const ItemRow> items) const {
  std::vector<float> products(items.size());
  DotProducts(query.data(), rows.data(), items.data(), items.size(), row_size(), products.data());
  for (size_t i = 0; i < items.size(); ++i) products[i] *= ScaleOf(Row(rows, items[i]));
  return products;
}

}  // namespace shortlist
