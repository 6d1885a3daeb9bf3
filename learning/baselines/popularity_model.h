// The baseline that everything has to beat: the items with most interactions, the same for all.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "evaluation/scoring_model.h"

namespace shortlist {

class PopularityModel : public ScoringModel {
 public:
  // `counts`: training interactions by item.
  explicit PopularityModel(std::span<const uint32_t> counts)
      : scores_(counts.begin(), counts.end()) {}

  void Score(std::span<const ItemRow>, std::span<float> scores) const override {
    std::copy(scores_.begin(), scores_.end(), scores.begin());
  }

 private:
  std::vector<float> scores_;
};

}  // namespace shortlist
