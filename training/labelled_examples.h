// Labelled sparse feature vectors, what a ranker is trained on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "features/feature_extractor.h"

namespace shortlist {

struct LabelledExamples {
  std::vector<size_t> begin = {0};  // Example i: values[begin[i], begin[i + 1]).
  std::vector<FeatureValue> values;
  std::vector<float> labels;       // 0 or 1.
  std::vector<float> weights;      // How many examples it stands for.
  std::vector<float> importance;   // How many times learning counts it; metrics do not.
  std::vector<uint32_t> requests;  // Which request it is a candidate of; ascending.

  size_t size() const { return labels.size(); }
  std::span<const FeatureValue> operator[](size_t i) const {
    return {values.data() + begin[i], values.data() + begin[i + 1]};
  }
  void Add(std::span<const FeatureValue> features, float label, float weight, float importance,
           uint32_t request) {
    values.insert(values.end(), features.begin(), features.end());
    begin.push_back(values.size());
    labels.push_back(label);
    weights.push_back(weight);
    this->importance.push_back(importance);
    requests.push_back(request);
  }
};

}  // namespace shortlist
