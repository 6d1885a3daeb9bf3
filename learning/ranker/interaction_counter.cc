#include "learning/ranker/interaction_counter.h"

#include <algorithm>

namespace shortlist {

InteractionCounter::InteractionCounter(const Dataset& dataset,
                                       std::span<const UserSequence> sequences, float liked_value)
    : dataset_(dataset),
      liked_value_(liked_value),
      counts_(dataset.items.ids.size(), 0),
      liked_(counts_),
      statistics_{.counts = counts_, .total = 0, .liked = liked_, .total_liked = 0} {
  for (const UserSequence& sequence : sequences)
    for (size_t i = sequence.begin; i < sequence.valid_end; ++i) by_time_.push_back(i);
  std::stable_sort(by_time_.begin(), by_time_.end(), [&](size_t a, size_t b) {
    return dataset.interactions[a].time_ms < dataset.interactions[b].time_ms;
  });
}

void InteractionCounter::AdvanceTo(int64_t time_ms) {
  for (; next_ < by_time_.size(); ++next_) {
    const DatasetInteraction& interaction = dataset_.interactions[by_time_[next_]];
    if (interaction.time_ms >= time_ms) break;
    ++counts_[interaction.item];
    ++statistics_.total;
    if (interaction.value < liked_value_) continue;
    ++liked_[interaction.item];
    ++statistics_.total_liked;
  }
}

}  // namespace shortlist
