// The reports of training and of experiments, as the text of JSON files. Apart from what they
// report on, so that one source compiles the library.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "data/dataset.h"
#include "evaluation/data_report.h"
#include "training/experiment.h"
#include "training/new_item_experiment.h"
#include "training/training_report.h"

namespace shortlist {

// The members of DataReport by their names; pairs of a name or a number and a count as arrays.
std::string DataReportJson(const DataReport& report);

// Without times, so that the same data and options make the same bundle.
std::string TrainingReportJson(const Dataset& dataset, const TrainingOptions& options,
                               const TrainingReport& report);

// `split` is its name on the command line.
std::string ExperimentJson(const Dataset& dataset, std::string_view split,
                           const ExperimentOptions& options, const ExperimentResult& result);

// The same experiment with several seeds, one a result: what they have in common, SeedSummaryJson,
// and "seeds": {"1": as of ExperimentJson, ...}.
std::string SeedsJson(const Dataset& dataset, std::string_view split,
                      const ExperimentOptions& options, std::span<const uint64_t> seeds,
                      std::span<const ExperimentResult> results);

// One result a seed: of each "among_new" and "whole_catalog" as SeedSummaryJson, with
// "share_of_trained", the mean over seeds, and "seeds": {"1": {"among_new": {"models": ...,
// "share_of_trained": ...}, ...}, ...}; of "all_relevant" the same but for the share.
std::string NewItemsJson(const Dataset& dataset, std::string_view split,
                         std::span<const uint64_t> seeds, std::span<const NewItemResult> results);

}  // namespace shortlist
