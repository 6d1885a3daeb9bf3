#include "training/training_page.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/text/strings.h"
#include "features/feature_spec_check.h"
#include "training/data_report_page.h"
#include "training/html_page.h"

namespace shortlist {
namespace {

constexpr size_t kHeaviestWeights = 40;
constexpr double kMaxCalibrationError = 0.01;
// Its probabilities are around a half, where the ranker's are around a fiftieth.
constexpr double kMaxLikedCalibrationError = 0.05;
constexpr size_t kFewPositives = 1'000;
constexpr size_t kFewUsers = 100;

using Cells = std::vector<std::string>;

// "user:gender=F x item:genre=Comedy" for a weight of a cross.
std::string WeightName(const Bundle& bundle, uint32_t index) {
  const FeatureExtractor& extractor = *bundle.extractor;
  const size_t f = extractor.FeatureOf(index);
  const Feature& feature = extractor.spec().features[f];
  if (IsNumeric(feature)) return feature.name;
  const FeatureSlot& slot = extractor.slots()[f];
  const uint32_t offset = index - slot.first_index;
  const AttributeSchema::Field* item = bundle.catalog.schema().FindField(feature.item_attribute);
  // Buckets, values that share a weight, and what is not of the item are numbered.
  if (item == nullptr || feature.hash_size != 0 || slot.kind->has_number)
    return absl::StrCat(feature.name, " #", offset + 1);
  const uint32_t width = item->values.size();
  std::string name = absl::StrCat(feature.name, " = ", AbslView(item->values[offset % width]));
  if (const AttributeSchema::Field* other = slot.user != nullptr ? slot.user : slot.context)
    name = absl::StrCat(feature.name, " = ", AbslView(other->values[offset / width]), " x ",
                        AbslView(item->values[offset % width]));
  return name;
}

const RankerQuality* FindRanker(const TrainingReport& report, std::string_view name) {
  for (const RankerQuality& ranker : report.rankers)
    if (ranker.name == name) return &ranker;
  return nullptr;
}

double NdcgOf(const TrainingReport& report, std::string_view model) {
  for (const EvaluationRow& row : report.evaluation.rows)
    if (row.model == model) return row["ndcg@10"];
  return 0;
}

std::string LearningSection(const TrainingReport& report) {
  std::vector<PlotPoint> loss, ndcg, strengths;
  for (const TowerEpoch& epoch : report.epochs) {
    loss.push_back({static_cast<double>(epoch.epoch), epoch.loss});
    ndcg.push_back({static_cast<double>(epoch.epoch), epoch.validation_ndcg});
  }
  for (const auto& strength : report.ranker.strengths)
    strengths.push_back({std::log10(strength.l2), strength.log_loss});
  std::sort(strengths.begin(), strengths.end(),
            [](const PlotPoint& a, const PlotPoint& b) { return a.x < b.x; });
  return absl::StrCat(
      "<h2>Learning</h2>\n<p>Towers: ", EscapeHtml(Describe(report.choice)), ".</p>\n",
      HtmlPlot("epoch", "loss of the towers", loss), HtmlPlot("epoch", "NDCG on validation", ndcg),
      absl::StrFormat("<p>Ranker: %d candidates of %d requests, %d of them taken "
                      "up; %d weights; L2 %g.</p>\n",
                      report.ranker.examples, report.ranker.requests, report.ranker.positives,
                      report.ranker.weights.weights.size(), report.ranker.l2),
      HtmlPlot("log10 of L2", "log loss of the ranker, held out", strengths));
}

std::string EvaluationSection(const TrainingReport& report) {
  static constexpr const char* kColumns[] = {"hit@10",     "ndcg@10",     "mrr@10",    "recall@20",
                                             "recall@100", "coverage@10", "novelty@10"};
  std::vector<Cells> rows;
  for (const EvaluationRow& row : report.evaluation.rows) {
    Cells& cells = rows.emplace_back(Cells{row.model});
    for (const char* column : kColumns) cells.push_back(absl::StrFormat("%.4f", row[column]));
  }
  Cells header = {"stage"};
  header.insert(header.end(), std::begin(kColumns), std::end(kColumns));
  std::string html = absl::StrFormat(
      "<h2>Evaluation</h2>\n<p>On the last interactions of %d users, which training had not "
      "seen.</p>\n",
      report.evaluation.users);
  html += HtmlTable(header, rows);
  rows.clear();
  for (const RankerQuality& ranker : report.rankers)
    rows.push_back({ranker.name, absl::StrFormat("%.4f", ranker.ndcg),
                    absl::StrFormat("%.4f", ranker.auc), absl::StrFormat("%.4f", ranker.gauc),
                    absl::StrFormat("%.5f", ranker.log_loss), absl::StrFormat("%.5f", ranker.ece)});
  if (rows.empty()) return html;
  return absl::StrCat(
      html,
      "<h2>The ranker by itself</h2>\n<p>On the candidates of stage one, beside "
      "rankers that know less.</p>\n",
      HtmlTable({"ranker", "NDCG@10", "AUC", "GAUC", "log loss", "calibration error"}, rows));
}

std::string ReliabilitySection(const TrainingReport& report) {
  const RankerQuality* whole = FindRanker(report, kWholeRanker);
  if (whole == nullptr) return "";
  std::vector<PlotPoint> points;
  for (const ReliabilityBin& bin : whole->reliability)
    points.push_back({bin.predicted, bin.observed});
  return absl::StrCat(
      "<h2>Reliability</h2>\n<p>Candidates in groups of the same size by probability: what was "
      "predicted and what came true. ",
      absl::StrFormat("Expected calibration error %.5f; Platt's slope %.3f, offset %.3f.</p>\n",
                      whole->ece, report.ranker.weights.calibration_slope,
                      report.ranker.weights.calibration_offset),
      HtmlPlot("mean probability", "share taken up", points, /*diagonal=*/true));
}

// Weights by their magnitude, heaviest first.
std::vector<uint32_t> ByMagnitude(const std::vector<float>& weights) {
  std::vector<uint32_t> order(weights.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return std::abs(weights[a]) > std::abs(weights[b]);
  });
  return order;
}

std::string HeaviestTable(const std::vector<float>& weights, std::span<const uint32_t> order,
                          const Bundle& bundle) {
  std::vector<Cells> rows;
  for (uint32_t i : order.first(std::min(kHeaviestWeights, order.size())))
    rows.push_back({WeightName(bundle, i), absl::StrFormat("%+.3f", weights[i])});
  return HtmlTable({"weight", "log-odds"}, rows);
}

std::string WeightsSection(const TrainingReport& report, const Bundle& bundle) {
  const std::vector<float>& weights = report.ranker.weights.weights;
  const std::vector<Feature>& features = report.ranker.spec.features;
  const std::vector<uint32_t> order = ByMagnitude(weights);

  struct Sums {
    size_t weights = 0, nonzero = 0;
    double squares = 0;
    uint32_t heaviest = 0;
  };
  std::vector<Sums> sums(features.size());
  for (size_t i = order.size(); i-- > 0;) {  // The heaviest of a feature comes last.
    const float weight = weights[order[i]];
    Sums& sum = sums[bundle.extractor->FeatureOf(order[i])];
    ++sum.weights;
    sum.nonzero += weight != 0;
    sum.squares += double{weight} * weight;
    sum.heaviest = order[i];
  }
  std::vector<Cells> rows;
  for (size_t f = 0; f < features.size(); ++f) {
    if (sums[f].weights == 0) continue;
    rows.push_back(
        {features[f].name, absl::StrFormat("%.1f %%", 100 * (1 - report.ranker.coverage[f])),
         absl::StrCat(sums[f].weights), absl::StrCat(sums[f].nonzero),
         absl::StrFormat("%.1f %%", 100 * report.ranker.shared[f]),
         absl::StrFormat("%.3f", std::sqrt(sums[f].squares / static_cast<double>(sums[f].weights))),
         absl::StrFormat("%s: %+.3f", WeightName(bundle, sums[f].heaviest),
                         weights[sums[f].heaviest])});
  }
  return absl::StrCat(
      "<h2>Features</h2>\n<p>Missing: the share of candidates that have no value for the "
      "feature. Shared: the share of its values that have their weight in common with others, by "
      "hashing.</p>\n",
      HtmlTable(
          {"feature", "missing", "weights", "not 0", "shared", "root mean square", "heaviest"},
          rows),
      "<h2>Heaviest weights</h2>\n<p>In log-odds; of numbers, for a step of one standard "
      "deviation.</p>\n",
      HeaviestTable(weights, order, bundle));
}

std::string LikedHeadSection(const TrainingReport& report, const Bundle& bundle) {
  const std::optional<LikedHead>& head = report.ranker.liked_head;
  if (!head) return "";
  std::string html = absl::StrFormat(
      "<h2>The head for liked items</h2>\n<p>How likely an interaction is to have a value of at "
      "least %g. Learned from %d candidates that were taken up, %d of them liked; L2 %g; log loss "
      "on held-out requests %.5f, of the share of liked ones alone %.5f; Platt's slope %.3f, "
      "offset "
      "%.3f.</p>\n",
      head->liked_value, head->examples, head->liked, head->l2, head->log_loss, head->base_log_loss,
      head->weights.calibration_slope, head->weights.calibration_offset);
  if (const std::optional<LikedQuality>& test = report.liked_head; test && test->examples > 0) {
    std::vector<PlotPoint> points;
    for (const ReliabilityBin& bin : test->reliability)
      points.push_back({bin.predicted, bin.observed});
    absl::StrAppend(
        &html, "<p>On the test's requests:</p>\n",
        HtmlTable({"", "liked", "AUC", "GAUC", "log loss", "calibration error"},
                  {{"the head", absl::StrFormat("%.1f %%", 100 * test->liked_share),
                    absl::StrFormat("%.4f", test->auc), absl::StrFormat("%.4f", test->gauc),
                    absl::StrFormat("%.5f", test->log_loss), absl::StrFormat("%.5f", test->ece)},
                   {"the share alone", "", "0.5000", "0.5000",
                    absl::StrFormat("%.5f", test->base_log_loss), "0.00000"}}),
        HtmlPlot("mean probability", "share liked", points, /*diagonal=*/true));
  }
  const std::vector<float>& weights = head->weights.weights;
  return absl::StrCat(html, "<p>Its heaviest weights, as above:</p>\n",
                      HeaviestTable(weights, ByMagnitude(weights), bundle));
}

void AddLikedHeadWarnings(const TrainingReport& report, std::vector<std::string>& warnings) {
  const std::optional<LikedHead>& head = report.ranker.liked_head;
  if (!head) return;
  auto warn = [&](bool when, const std::string& what) {
    if (when) warnings.push_back(absl::StrCat("The head for liked items ", what));
  };
  warn(head->examples < kFewPositives,
       absl::StrFormat("learned from only %d candidates that were taken up.", head->examples));
  const std::optional<LikedQuality>& test = report.liked_head;
  if (!test || test->examples == 0) return;
  warn(test->log_loss >= test->base_log_loss,
       absl::StrFormat("knows nothing: log loss %.5f, of the share of liked ones alone %.5f.",
                       test->log_loss, test->base_log_loss));
  warn(test->ece > kMaxLikedCalibrationError,
       absl::StrFormat("is off by %.3f on average.", test->ece));
}

}  // namespace

std::vector<std::string> ReviewWarnings(const Dataset& dataset, const TrainingReport& report) {
  std::vector<std::string> warnings;
  const double popularity = NdcgOf(report, "popularity");
  const double retrieval = NdcgOf(report, "retrieval");
  const double two_stage = NdcgOf(report, "two_stage");
  auto warn = [&](bool when, const std::string& what) {
    if (when) warnings.push_back(what);
  };
  warn(two_stage < retrieval,
       absl::StrFormat("Ranking makes the order worse: NDCG@10 %.4f after %.4f of stage one alone.",
                       two_stage, retrieval));
  warn(retrieval < popularity,
       absl::StrFormat("Stage one is worse than popularity: NDCG@10 %.4f against %.4f.", retrieval,
                       popularity));
  const RankerQuality* whole = FindRanker(report, kWholeRanker);
  warn(whole != nullptr && whole->ece > kMaxCalibrationError,
       absl::StrFormat("Probabilities are off by %.4f on average.", whole ? whole->ece : 0));
  const double slope = report.ranker.weights.calibration_slope;
  warn(slope < 0.8 || slope > 1.25,
       absl::StrFormat("Held-out requests wanted the scores times %.2f: the ranker is %s itself.",
                       slope, slope < 1 ? "too sure of" : "not sure enough of"));
  for (const RankerQuality& ranker : report.rankers)
    warn(whole != nullptr && ranker.name.starts_with("without ") &&
             ranker.log_loss < 0.999 * whole->log_loss,
         absl::StrFormat("The ranker would do better %s: log loss %.5f instead of %.5f.",
                         ranker.name, ranker.log_loss, whole ? whole->log_loss : 0));
  const std::vector<TriedStrength>& strengths = report.ranker.strengths;
  if (strengths.size() > 1) {
    const auto [weakest, strongest] =
        std::minmax_element(strengths.begin(), strengths.end(),
                            [](const auto& a, const auto& b) { return a.l2 < b.l2; });
    warn(report.ranker.l2 == strongest->l2,
         absl::StrFormat("The strongest L2 penalty tried, %g, was best: features may be noise.",
                         report.ranker.l2));
    warn(report.ranker.l2 == weakest->l2 && report.ranker.l2 == 1,
         "The weakest L2 penalty tried was best: more features may help.");
  }
  if (report.epochs.size() > 1) {
    const auto best = std::max_element(report.epochs.begin(), report.epochs.end(),
                                       [](const TowerEpoch& a, const TowerEpoch& b) {
                                         return a.validation_ndcg < b.validation_ndcg;
                                       });
    warn(
        best + 1 == report.epochs.end(),
        "The towers were at their best in the last epoch: they may not have learned all they can.");
  }
  for (size_t f = 0; f < report.ranker.coverage.size(); ++f) {
    const double coverage = report.ranker.coverage[f];
    warn(coverage < 0.5,
         absl::StrFormat("%s is missing for %.0f %% of the candidates.",
                         report.ranker.spec.features[f].name, 100 * (1 - coverage)));
  }
  for (size_t f = 0; f < report.ranker.shared.size(); ++f) {
    const double shared = report.ranker.shared[f];
    warn(shared > 0.1,
         absl::StrFormat("%.0f %% of the values of %s share a weight with others: its "
                         "hash_size is small.",
                         100 * shared, report.ranker.spec.features[f].name));
  }
  warn(report.ranker.positives < kFewPositives,
       absl::StrFormat("The ranker learned from only %d candidates that were taken up.",
                       report.ranker.positives));
  AddLikedHeadWarnings(report, warnings);
  warn(report.evaluation.users < kFewUsers,
       absl::StrFormat("Only %d users could be tested: the figures are uncertain.",
                       report.evaluation.users));
  warn(!dataset.has_unix_times,
       "There are no Unix times: popularity in training is that of the whole training part, not "
       "that before each request.");
  warn(dataset.summary.bad_rows > 0,
       absl::StrFormat("%d malformed rows were left out.", dataset.summary.bad_rows));
  return warnings;
}

std::string TrainingPage(const Dataset& dataset, const TrainingReport& report,
                         const Bundle& bundle) {
  const std::vector<std::string> warnings = ReviewWarnings(dataset, report);
  std::string html = "<h2>To look at</h2>\n";
  if (warnings.empty()) html += "<p>Nothing stands out.</p>\n";
  if (!warnings.empty()) html += "<ul class=\"warn\">\n";
  for (const std::string& warning : warnings)
    absl::StrAppend(&html, "<li>", EscapeHtml(warning), "</li>\n");
  if (!warnings.empty()) html += "</ul>\n";
  absl::StrAppend(&html, DataReportSection(report.data), LearningSection(report),
                  EvaluationSection(report), ReliabilitySection(report),
                  WeightsSection(report, bundle), LikedHeadSection(report, bundle));
  return HtmlPage(absl::StrCat("Training report: ", dataset.name), html);
}

}  // namespace shortlist
