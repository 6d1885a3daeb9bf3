// An evaluation for people and for programs.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "evaluation/evaluator.h"

namespace shortlist {

// A table with a row a model and a column a metric, such as "ndcg@10". Metrics that the rows do not
// have are left out.
std::string FormatRows(std::span<const EvaluationRow> rows,
                       std::span<const std::string_view> metrics);

// Everything: a table for each cutoff, all metrics in it, then the slices.
std::string FormatEvaluation(const Evaluation& evaluation);

}  // namespace shortlist
