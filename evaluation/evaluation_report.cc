#include "evaluation/evaluation_report.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace shortlist {
namespace {

constexpr const char* kPrintedMetrics[] = {"hit", "recall",   "ndcg", "mrr",
                                           "map", "coverage", "gini", "novelty"};

std::vector<std::string> MetricsAt(size_t cutoff) {
  std::vector<std::string> names;
  for (const char* metric : kPrintedMetrics) names.push_back(absl::StrCat(metric, "@", cutoff));
  return names;
}

std::string FormatAt(std::span<const EvaluationRow> rows, size_t cutoff) {
  const std::vector<std::string> names = MetricsAt(cutoff);
  return FormatRows(rows, std::vector<std::string_view>(names.begin(), names.end()));
}

}  // namespace

std::string FormatRows(std::span<const EvaluationRow> rows,
                       std::span<const std::string_view> metrics) {
  if (rows.empty()) return "";
  std::vector<std::string> columns;
  for (std::string_view name : metrics) {
    const auto& known = rows.front().metrics;
    if (std::any_of(known.begin(), known.end(),
                    [&](const EvaluationMetric& metric) { return metric.name == name; }))
      columns.emplace_back(name);
  }
  size_t first = 0;
  for (const EvaluationRow& row : rows) first = std::max(first, row.model.size());
  auto width = [](const std::string& name) {
    return std::max<int>(8, static_cast<int>(name.size()));
  };
  std::string text(first, ' ');
  for (const std::string& name : columns) absl::StrAppendFormat(&text, "  %*s", width(name), name);
  text += '\n';
  for (const EvaluationRow& row : rows) {
    absl::StrAppendFormat(&text, "%-*s", static_cast<int>(first), row.model);
    for (const std::string& name : columns)
      absl::StrAppendFormat(&text, "  %*.4f", width(name), row[name]);
    text += '\n';
  }
  return text;
}

std::string TableTitle(size_t cutoff, const std::string& caption) {
  return absl::StrCat("First ", cutoff, " items; ", caption);
}

std::string FormatEvaluation(const Evaluation& evaluation, const std::string& caption) {
  std::string text;
  for (size_t cutoff : evaluation.cutoffs)
    absl::StrAppend(&text, TableTitle(cutoff, caption), "\n", FormatAt(evaluation.rows, cutoff),
                    "\n");
  absl::StrAppend(&text, "95 % intervals of ", evaluation.compared, ":\n");
  size_t first = 0;
  for (const EvaluationRow& row : evaluation.rows) first = std::max(first, row.model.size());
  for (const EvaluationRow& row : evaluation.rows)
    for (const EvaluationMetric& metric : row.metrics)
      if (metric.name == evaluation.compared)
        absl::StrAppendFormat(&text, "%-*s  %.4f .. %.4f\n", static_cast<int>(first), row.model,
                              metric.low, metric.high);
  if (!evaluation.comparisons.empty())
    absl::StrAppend(&text, "\nDifferences of ", evaluation.compared, " within users:\n",
                    FormatComparisons(evaluation.comparisons));
  for (const EvaluationSlice& slice : evaluation.slices)
    absl::StrAppend(&text, "\n", slice.name, " (", slice.users, " users):\n",
                    FormatAt(slice.rows, MainCutoff(evaluation.cutoffs)));
  return text;
}

}  // namespace shortlist
