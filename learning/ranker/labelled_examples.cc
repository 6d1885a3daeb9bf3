#include "learning/ranker/labelled_examples.h"

#include <algorithm>

namespace shortlist {

bool IsHeldOut(uint32_t request) { return request % 5 == 4; }

ExampleSplit SplitByRequest(const LabelledExamples& examples) {
  ExampleSplit split;
  for (uint32_t i = 0; i < examples.size(); ++i) {
    split.all.push_back(i);
    (IsHeldOut(examples.requests[i]) ? split.held_out : split.fitted).push_back(i);
  }
  auto has_label = [&](float label) {
    return std::any_of(split.held_out.begin(), split.held_out.end(),
                       [&](uint32_t i) { return examples.labels[i] == label; });
  };
  if (!has_label(0) || !has_label(1)) split.held_out = split.fitted;
  return split;
}

}  // namespace shortlist
