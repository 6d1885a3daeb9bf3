// The training report for a person: one HTML page that needs nothing else, with the data, the
// learning curves, what was measured, how far probabilities can be trusted, which weights matter,
// and what a reviewer should look at first. The same for the same training.
#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"
#include "model/bundle.h"
#include "training/training_report.h"

namespace shortlist {

// What a reviewer should look at, in sentences; most serious first.
std::vector<std::string> ReviewWarnings(const Dataset& dataset, const TrainingReport& report);

// `bundle` is the one that the report's ranker belongs to.
std::string TrainingPage(const Dataset& dataset, const TrainingReport& report,
                         const Bundle& bundle);

}  // namespace shortlist
