// What the knob `diversity` of re-ranking costs and gains: the first ten of both stages' answers,
// re-ranked with several of its settings.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "common/parallel.h"
#include "evaluation/evaluator.h"
#include "model/bundle.h"

namespace shortlist {

// Means over the test cases, of the first ten items.
struct DiversityQuality {
  float diversity = 0;
  double ndcg = 0;
  // Intra-list distance: mean over the pairs of the list of 1 - cosine of their embeddings (Ziegler
  // et al. 2005).
  double distance = 0;
  // How many different values of an attribute the list has, by attribute; of those that are no
  // numbers.
  std::map<std::string, double> values;
};

// One entry a setting, in their order. `bundle` has both stages and has not seen the test.
std::vector<DiversityQuality> MeasureDiversity(std::span<const TestCase> cases,
                                               const Bundle& bundle, size_t candidates,
                                               std::span<const float> diversities,
                                               WorkerPool& pool);

// A table with a row a setting.
std::string FormatDiversity(std::span<const DiversityQuality> settings);

}  // namespace shortlist
