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

// What a table at a cutoff is of: "First 10 items; " and the caption, which says on whom.
std::string TableTitle(size_t cutoff, const std::string& caption);

// Everything: a table for each cutoff under its title, all metrics in it, then intervals,
// comparisons and slices.
std::string FormatEvaluation(const Evaluation& evaluation, const std::string& caption);

}  // namespace shortlist
