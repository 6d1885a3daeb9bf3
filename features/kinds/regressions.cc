#include "features/kinds/regressions.h"

#include <algorithm>

#include "common/vector_kernels.h"

namespace shortlist {
namespace {

// Items whose factors are on their way from memory.
constexpr size_t kAhead = 16;

// Begins to load it; line by line.
void Prefetch(std::span<const int8_t> row) {
  for (size_t d = 0; d < row.size(); d += 64) __builtin_prefetch(&row[d]);
}

// What a regression expects of each candidate, as a share of the most that it expects of one.
class Regression : public FeatureComputer {
 public:
  Regression(const ItemFactors& factors, const Catalog& catalog)
      : factors_(factors), catalog_(catalog) {}

  void Begin(std::span<const FeatureSlot> /*slots*/, FeatureRequest& request,
             FeatureColumns& columns) const override {
    const std::vector<HistoryEntry>& history = request.user->history;
    const std::span<const float> weights = factors_.weights();
    const size_t length = std::min(history.size(), weights.size());
    auto item_of = [&](size_t age) { return history[history.size() - 1 - age].item; };
    std::vector<float> query = factors_.Query();
    for (size_t age = 0; age < length; ++age) {
      Prefetch(factors_.from(item_of(std::min(age + kAhead, length - 1))));
      factors_.AddFrom(item_of(age), weights[age], query);
    }
    std::vector<float>& values = columns.numbers;
    values = factors_.Products(query, request.items);
    const float largest = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
    Scale(largest > 0 ? 1 / largest : 0, values.data(), values.size());
  }

  // The item of the history that speaks most for the candidate.
  std::string Describe(const FeatureSlot& /*slot*/, const FeatureRequest& request,
                       const Candidate& candidate, size_t /*position*/) const override {
    const std::vector<HistoryEntry>& history = request.user->history;
    std::vector<ItemRow> items;  // Latest first.
    for (size_t age = 0; age < std::min(history.size(), factors_.weights().size()); ++age)
      items.push_back(history[history.size() - 1 - age].item);
    const std::vector<float> products = factors_.Products(items, candidate.item);
    ItemRow best = kNoItem;
    float best_score = 0;
    for (size_t age = 0; age < items.size(); ++age) {
      const float score = factors_.weights()[age] * products[age];
      if (score > best_score) {
        best_score = score;
        best = items[age];
      }
    }
    return NameOf(best, catalog_);
  }

 private:
  const ItemFactors& factors_;
  const Catalog& catalog_;
};

using Factors = const ItemFactors* FeatureInputs::*;

template <Factors factors>
absl::Status Check(const Feature& feature, const FeatureInputs& inputs) {
  if (inputs.*factors != nullptr && (inputs.*factors)->dim() != 0) return absl::OkStatus();
  return InvalidFeature(feature, "the bundle has no factors of this regression");
}

template <Factors factors>
std::unique_ptr<FeatureComputer> Make(const FeatureInputs& inputs) {
  return std::make_unique<Regression>(*(inputs.*factors), *inputs.catalog);
}

}  // namespace

// Of the history as a set.
const FeatureKindInfo kHistoryRegressionKind{
    .kind = FeatureKind::kHistoryRegression,
    .group = "history regression",
    .shape = FeatureShape::kColumn,
    .make = Make<&FeatureInputs::history_regression>,
    .has_number = true,
    .is_cross = true,
    .check_inputs = Check<&FeatureInputs::history_regression>};
// Of the next items on the latest ones.
const FeatureKindInfo kNextRegressionKind{.kind = FeatureKind::kNextRegression,
                                          .group = "next regression",
                                          .shape = FeatureShape::kColumn,
                                          .make = Make<&FeatureInputs::next_regression>,
                                          .has_number = true,
                                          .is_cross = true,
                                          .check_inputs = Check<&FeatureInputs::next_regression>};

}  // namespace shortlist
