#include "evaluation/seed_summary.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "evaluation/evaluation_report.h"

namespace shortlist {
namespace {

SeedFigure FigureOf(std::string name, std::span<const double> values) {
  SeedFigure figure{.name = std::move(name)};
  const auto count = static_cast<double>(values.size());
  for (double value : values) figure.mean += value / count;
  if (values.size() < 2) return figure;
  double squares = 0;
  for (double value : values) squares += (value - figure.mean) * (value - figure.mean);
  figure.deviation = std::sqrt(squares / (count - 1));
  return figure;
}

// What `get` finds in each evaluation; nothing unless all have it.
template <class Get>
std::optional<std::vector<double>> InEach(std::span<const Evaluation> evaluations, const Get& get) {
  std::vector<double> values;
  for (const Evaluation& evaluation : evaluations) {
    const std::optional<double> value = get(evaluation);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

std::optional<double> MetricOf(const Evaluation& evaluation, const std::string& model,
                               const std::string& metric) {
  for (const EvaluationRow& row : evaluation.rows)
    if (row.model == model) return row[metric];
  return std::nullopt;
}

std::optional<double> DifferenceOf(const Evaluation& evaluation, const PairedComparison& pair) {
  for (const PairedComparison& c : evaluation.comparisons)
    if (c.model == pair.model && c.baseline == pair.baseline) return c.difference;
  return std::nullopt;
}

double MeanOf(const SeedSummary& summary, const std::string& model) {
  for (const SeedRow& row : summary.rows)
    if (row.model == model)
      for (const SeedFigure& metric : row.metrics)
        if (metric.name == summary.compared) return metric.mean;
  return 0;
}

std::string FormatRowsAt(const SeedSummary& summary, size_t cutoff) {
  const std::string at = absl::StrCat("@", cutoff);
  size_t first = 0;
  for (const SeedRow& row : summary.rows) first = std::max(first, row.model.size());
  std::string header(first, ' '), body;
  for (size_t r = 0; r < summary.rows.size(); ++r) {
    absl::StrAppendFormat(&body, "%-*s", static_cast<int>(first), summary.rows[r].model);
    for (const SeedFigure& metric : summary.rows[r].metrics) {
      if (!metric.name.ends_with(at)) continue;
      if (r == 0) absl::StrAppendFormat(&header, "  %15s", metric.name);
      absl::StrAppendFormat(&body, "  %15s",
                            absl::StrFormat("%.4f (%.4f)", metric.mean, metric.deviation));
    }
    body += '\n';
  }
  return header + "\n" + body;
}

}  // namespace

SeedSummary SummariseSeeds(std::span<const Evaluation> evaluations) {
  const Evaluation& first = evaluations.front();
  SeedSummary summary{.seeds = evaluations.size(),
                      .cutoffs = first.cutoffs,
                      .compared = first.compared,
                      .rows = {},
                      .differences = {}};
  for (const EvaluationRow& row : first.rows) {
    SeedRow found{.model = row.model, .metrics = {}};
    for (const EvaluationMetric& metric : row.metrics) {
      const auto values = InEach(evaluations, [&](const Evaluation& evaluation) {
        return MetricOf(evaluation, row.model, metric.name);
      });
      if (values) found.metrics.push_back(FigureOf(metric.name, *values));
    }
    if (!found.metrics.empty()) summary.rows.push_back(std::move(found));
  }
  for (const PairedComparison& pair : first.comparisons) {
    const auto values = InEach(
        evaluations, [&](const Evaluation& evaluation) { return DifferenceOf(evaluation, pair); });
    if (!values) continue;
    summary.differences.push_back(
        {.model = pair.model,
         .baseline = pair.baseline,
         .difference = FigureOf(summary.compared, *values),
         .ratio = MeanOf(summary, pair.model) / MeanOf(summary, pair.baseline),
         .better = static_cast<size_t>(std::count_if(values->begin(), values->end(),
                                                     [](double value) { return value > 0; }))});
  }
  return summary;
}

std::string FormatSeeds(const SeedSummary& summary, const std::string& caption) {
  std::string text;
  for (size_t cutoff : summary.cutoffs)
    absl::StrAppend(&text, TableTitle(cutoff, caption), "; means of ", summary.seeds,
                    " seeds (standard deviations)\n", FormatRowsAt(summary, cutoff), "\n");
  if (summary.differences.empty()) return text;
  absl::StrAppend(&text, "Differences of ", summary.compared,
                  " within seeds: mean (standard deviation), ratio of the means, seeds above 0\n");
  auto name = [](const SeedDifference& d) { return d.model + " - " + d.baseline; };
  size_t first = 0;
  for (const SeedDifference& d : summary.differences) first = std::max(first, name(d).size());
  for (const SeedDifference& d : summary.differences)
    absl::StrAppendFormat(&text, "%-*s  %+.4f (%.4f)  %6.3f  %d of %d\n", static_cast<int>(first),
                          name(d), d.difference.mean, d.difference.deviation, d.ratio, d.better,
                          summary.seeds);
  return text;
}

}  // namespace shortlist
