// Popularity as it was at a point in time: counts every item's interactions up to a moment that
// only moves forward. The test part is not counted: where a split is not by time, some of it is
// earlier than what is trained on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "data/user_sequences.h"
#include "features/feature_extractor.h"

namespace shortlist {

class InteractionCounter {
 public:
  // The data set must outlive the counter. Interactions of at least `liked_value` are liked.
  InteractionCounter(const Dataset& dataset, std::span<const UserSequence> sequences,
                     float liked_value);
  InteractionCounter(const InteractionCounter&) = delete;  // The statistics refer to the counts.
  InteractionCounter& operator=(const InteractionCounter&) = delete;

  // Counts what of training and validation happened before `time_ms`.
  void AdvanceTo(int64_t time_ms);

  // Follows the counter; valid as long as it lives.
  const ItemStatistics& statistics() const { return statistics_; }

 private:
  const Dataset& dataset_;
  std::vector<size_t> by_time_;  // Positions of the interactions, earliest first.
  size_t next_ = 0;
  const float liked_value_;
  std::vector<uint32_t> counts_, liked_;
  ItemStatistics statistics_;
};

}  // namespace shortlist
