// Labelled sparse feature vectors, what a ranker is trained on, and which of them choose and
// calibrate.
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

// Whether a request's examples are held out from fitting, for choosing the strength of the penalty
// and for calibration: every fifth is.
bool IsHeldOut(uint32_t request);

struct ExampleSplit {
  std::vector<uint32_t> all, fitted, held_out;
};

// With only a handful of requests there may be nothing to learn from what is held out, because its
// labels are all equal: then what is fitted has to do.
ExampleSplit SplitByRequest(const LabelledExamples& examples);

}  // namespace shortlist
