// Popularity as it was at a point in time: counts every item's interactions up to a moment that
// only moves forward.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "features/feature_extractor.h"
#include "training/dataset.h"

namespace shortlist {

class InteractionCounter {
 public:
  // The data set must outlive the counter.
  explicit InteractionCounter(const Dataset& dataset);
  InteractionCounter(const InteractionCounter&) = delete;  // The statistics refer to the counts.
  InteractionCounter& operator=(const InteractionCounter&) = delete;

  // Counts everything that happened before `time_ms`.
  void AdvanceTo(int64_t time_ms);

  // Follows the counter; valid as long as it lives.
  const ItemStatistics& statistics() const { return statistics_; }

 private:
  const Dataset& dataset_;
  std::vector<uint32_t> by_time_;  // Positions of the interactions, earliest first.
  size_t next_ = 0;
  std::vector<uint32_t> counts_;
  ItemStatistics statistics_;
};

}  // namespace shortlist
