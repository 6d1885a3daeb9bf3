#include "features/kinds/item_statistics.h"

#include <cmath>

#include "absl/strings/str_cat.h"

namespace shortlist {
namespace {

// An item's share of liked interactions is smoothed with this many average ones.
constexpr double kLikeRatePrior = 10;

// Of an item that came after training the counts are those of its like.
const char* Of(const Catalog& catalog, ItemRow item) {
  return catalog.LearnedRow(item) == kNoItem ? ", as of what it is like" : "";
}

// log((interactions with the item + 1) / (mean over all items + 1)), the mean over those of
// training.
class LogPopularity : public FeatureComputer {
 public:
  explicit LogPopularity(const FeatureInputs& inputs)
      : known_(*inputs.statistics),
        catalog_(*inputs.catalog),
        items_(inputs.catalog->trained_count()) {}

  float Number(const FeatureSlot& /*slot*/, const FeatureRequest& /*request*/,
               const Candidate& candidate, size_t /*position*/) const override {
    const double average = static_cast<double>(known_.total) / items_;
    return static_cast<float>(std::log((known_.counts[candidate.item] + 1.0) / (average + 1.0)));
  }
  std::string Describe(const FeatureSlot& /*slot*/, const FeatureRequest& /*request*/,
                       const Candidate& candidate, size_t /*position*/) const override {
    return absl::StrCat(known_.counts[candidate.item], " interactions",
                        Of(catalog_, candidate.item));
  }

 private:
  const ItemStatistics& known_;
  const Catalog& catalog_;
  const double items_;
};

class LikeRate : public FeatureComputer {
 public:
  explicit LikeRate(const FeatureInputs& inputs)
      : known_(*inputs.statistics), catalog_(*inputs.catalog) {}

  float Number(const FeatureSlot& /*slot*/, const FeatureRequest& /*request*/,
               const Candidate& candidate, size_t /*position*/) const override {
    const double of_all = known_.total == 0 ? 0
                                            : static_cast<double>(known_.total_liked) /
                                                  static_cast<double>(known_.total);
    return static_cast<float>((known_.liked[candidate.item] + kLikeRatePrior * of_all) /
                              (known_.counts[candidate.item] + kLikeRatePrior));
  }
  std::string Describe(const FeatureSlot& /*slot*/, const FeatureRequest& /*request*/,
                       const Candidate& candidate, size_t /*position*/) const override {
    return absl::StrCat(known_.liked[candidate.item], " of ", known_.counts[candidate.item],
                        " liked", Of(catalog_, candidate.item));
  }

 private:
  const ItemStatistics& known_;
  const Catalog& catalog_;
};

template <class Computer>
std::unique_ptr<FeatureComputer> Make(const FeatureInputs& inputs) {
  return std::make_unique<Computer>(inputs);
}

}  // namespace

const FeatureKindInfo kLogPopularityKind{.kind = FeatureKind::kLogPopularity,
                                         .group = "popularity",
                                         .shape = FeatureShape::kItem,
                                         .make = Make<LogPopularity>,
                                         .has_number = true};
const FeatureKindInfo kLikeRateKind{.kind = FeatureKind::kLikeRate,
                                    .group = "like rate",
                                    .shape = FeatureShape::kItem,
                                    .make = Make<LikeRate>,
                                    .has_number = true};

}  // namespace shortlist
