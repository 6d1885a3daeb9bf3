// What each rung of the degradation ladder costs: the first ten of the answers that it alone makes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "common/parallel.h"
#include "evaluation/evaluator.h"
#include "model/bundle.h"
#include "pipeline/ladder/rung.h"

namespace shortlist {

// Mean over the test cases, of the first ten items.
struct RungQuality {
  RungId rung = 0;
  double ndcg = 0;
};

// One entry a rung, in their order. `bundle` has both stages and has not seen the test.
std::vector<RungQuality> MeasureRungs(std::span<const TestCase> cases, const Bundle& bundle,
                                      size_t candidates, std::span<const Rung> rungs,
                                      WorkerPool& pool);

// A table with a row a rung: its name, its NDCG@10, and that over the first one's.
std::string FormatRungs(std::span<const RungQuality> rungs);

}  // namespace shortlist
