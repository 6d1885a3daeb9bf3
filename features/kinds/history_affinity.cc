#include "features/kinds/history_affinity.h"

#include <cmath>

namespace shortlist {
namespace {

// The history's attribute shares are smoothed with this many average interactions.
constexpr float kAffinityPrior = 10;

// The mean, over the item's values of the attribute, of the log of how much more of the history has
// the value than of all interactions. Missing where the item has no value.
class HistoryAffinity : public FeatureComputer {
 public:
  explicit HistoryAffinity(const FeatureInputs& inputs) : catalog_(*inputs.catalog) {}

  void Begin(std::span<const FeatureSlot> /*slots*/, FeatureRequest& request,
             FeatureColumns& columns) const override {
    const std::vector<HistoryEntry>& history = request.user->history;
    const std::span<const float> code_shares = catalog_.code_shares();
    columns.by_code.assign(code_shares.size(), 0);
    for (const HistoryEntry& entry : history)
      for (uint32_t code : catalog_.codes(entry.item)) columns.by_code[code] += 1;
    const auto length = static_cast<float>(history.size());
    const float of_none = std::log(kAffinityPrior / (length + kAffinityPrior));
    for (size_t code = 0; code < code_shares.size(); ++code) {
      float& affinity = columns.by_code[code];
      const float share = code_shares[code];
      affinity =
          affinity == 0
              ? of_none
              : std::log((affinity + kAffinityPrior * share) / ((length + kAffinityPrior) * share));
    }
  }

  float Number(const FeatureSlot& slot, const FeatureRequest& request, const Candidate& candidate,
               size_t /*position*/) const override {
    const auto codes = CodesOfField(catalog_.codes(candidate.item), *slot.item);
    float sum = 0;
    for (uint32_t code : codes) sum += request.columns[slot.columns].by_code[code];
    return sum / static_cast<float>(codes.size());  // Of no value: NaN, missing.
  }

  std::string Describe(const FeatureSlot& slot, const FeatureRequest& /*request*/,
                       const Candidate& candidate, size_t /*position*/) const override {
    return NamesOf(catalog_.codes(candidate.item), *slot.item);
  }

 private:
  const Catalog& catalog_;
};

std::unique_ptr<FeatureComputer> Make(const FeatureInputs& inputs) {
  return std::make_unique<HistoryAffinity>(inputs);
}

}  // namespace

const FeatureKindInfo kHistoryAffinityKind{.kind = FeatureKind::kHistoryAffinity,
                                           .group = "history affinity",
                                           .shape = FeatureShape::kByCode,
                                           .make = Make,
                                           .has_number = true,
                                           .is_cross = true,
                                           .item_attribute = true};

}  // namespace shortlist
