#include "training/interaction_counter.h"

#include <algorithm>
#include <numeric>

namespace shortlist {

InteractionCounter::InteractionCounter(const Dataset& dataset)
    : dataset_(dataset),
      by_time_(dataset.interactions.size()),
      counts_(dataset.items.ids.size(), 0),
      statistics_{.counts = counts_, .total = 0} {
  std::iota(by_time_.begin(), by_time_.end(), 0);
  std::stable_sort(by_time_.begin(), by_time_.end(), [&](uint32_t a, uint32_t b) {
    return dataset.interactions[a].time_ms < dataset.interactions[b].time_ms;
  });
}

void InteractionCounter::AdvanceTo(int64_t time_ms) {
  for (; next_ < by_time_.size(); ++next_) {
    const DatasetInteraction& interaction = dataset_.interactions[by_time_[next_]];
    if (interaction.time_ms >= time_ms) break;
    ++counts_[interaction.item];
    ++statistics_.total;
  }
}

}  // namespace shortlist
