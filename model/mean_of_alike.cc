#include "model/mean_of_alike.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "common/vector_kernels.h"

namespace shortlist {
namespace {

// A mean over so many items is as good as one over more.
constexpr uint64_t kMostItems = 1'000;

void Add(float weight, std::span<const float> values, std::vector<float>& sum) {
  sum.resize(values.size(), 0);
  AddScaled(weight, values.data(), sum.data(), values.size());
}

void Add(float weight, const LearnedRows& rows, LearnedRows& sum) {
  Add(weight, rows.embedding, sum.embedding);
  Add(weight, rows.history, sum.history);
  Add(weight, rows.history_from, sum.history_from);
  Add(weight, rows.history_to, sum.history_to);
  Add(weight, rows.next_from, sum.next_from);
  Add(weight, rows.next_to, sum.next_to);
}

void AddFactors(const ItemFactors& factors, ItemRow row, float weight, std::vector<float>& from,
                std::vector<float>& to) {
  if (factors.dim() == 0) return;
  from.resize(factors.row_size(), 0);
  to.resize(factors.row_size(), 0);
  factors.AddFrom(row, weight, from);
  factors.AddTo(row, weight, to);
}

}  // namespace

std::optional<LearnedRows> MeanOfAlike::Of(const EncodedItem& item) const {
  float total = 0;
  LearnedRows sum;
  for (uint32_t code : item.codes) {
    const Mean& mean = MeanOf(code);
    if (mean.weight == 0) continue;
    Add(mean.weight, mean.rows, sum);
    total += mean.weight;
  }
  if (total == 0) return std::nullopt;
  LearnedRows rows;
  Add(1 / total, sum, rows);
  const float length =
      std::sqrt(DotProduct(rows.embedding.data(), rows.embedding.data(), rows.embedding.size()));
  if (!(length > 1e-6F)) return std::nullopt;
  for (float& x : rows.embedding) x /= length;
  return rows;
}

const MeanOfAlike::Mean& MeanOfAlike::MeanOf(uint32_t code) const {
  std::lock_guard lock(mutex_);
  std::unique_ptr<const Mean>& mean = means_[code];
  if (mean == nullptr) mean = std::make_unique<const Mean>(ComputeMean(code));
  return *mean;
}

MeanOfAlike::Mean MeanOfAlike::ComputeMean(uint32_t code) const {
  const Roaring& members = bundle_.attributes->MembersOf(code);
  const ItemOrder& order = bundle_.index->order();
  const TwoTower& towers = bundle_.towers;
  const size_t dim = towers.dim();
  const uint64_t count = members.cardinality();
  const uint64_t looked_at = std::min(count, kMostItems);
  size_t found = 0;
  LearnedRows sum;
  for (uint64_t i = 0; i < looked_at; ++i) {
    uint32_t position = 0;
    members.select(static_cast<uint32_t>(i * count / looked_at), &position);
    const ItemRow row = order.rows[position];
    if (bundle_.catalog.interaction_counts()[row] == 0) continue;  // Nothing was learned of it.
    ++found;
    Add(1, towers.item_embedding(row), sum.embedding);
    if (!towers.history_vectors().empty())
      Add(1, towers.history_vectors().subspan(row * dim, dim), sum.history);
    AddFactors(bundle_.history_regression, row, 1, sum.history_from, sum.history_to);
    AddFactors(bundle_.next_regression, row, 1, sum.next_from, sum.next_to);
  }
  if (found == 0) return {};
  Mean mean{.weight = std::log1p(static_cast<float>(bundle_.catalog.trained_count()) /
                                 static_cast<float>(count)),
            .rows = {}};
  Add(1 / static_cast<float>(found), sum, mean.rows);
  // Behind the numbers is room that stays zero (ItemFactors::Query).
  for (auto& [factors, row] : {std::pair(&bundle_.history_regression, &mean.rows.history_from),
                               std::pair(&bundle_.history_regression, &mean.rows.history_to),
                               std::pair(&bundle_.next_regression, &mean.rows.next_from),
                               std::pair(&bundle_.next_regression, &mean.rows.next_to)})
    row->resize(factors->dim());
  return mean;
}

}  // namespace shortlist
