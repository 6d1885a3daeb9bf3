#include "evaluation/result_json.h"

#include <nlohmann/json.hpp>

namespace shortlist {

nlohmann::json MetricsJson(std::span<const EvaluationRow> rows) {
  nlohmann::json models = nlohmann::json::object();
  for (const EvaluationRow& row : rows)
    for (const EvaluationMetric& metric : row.metrics)
      models[row.model][metric.name] = metric.value;
  return models;
}

nlohmann::json IntervalsJson(std::span<const EvaluationRow> rows) {
  nlohmann::json models = nlohmann::json::object();
  for (const EvaluationRow& row : rows)
    for (const EvaluationMetric& metric : row.metrics)
      if (metric.low < metric.high) models[row.model][metric.name] = {metric.low, metric.high};
  return models;
}

nlohmann::json ComparisonsJson(const Evaluation& evaluation) {
  nlohmann::json pairs = nlohmann::json::array();
  for (const PairedComparison& c : evaluation.comparisons)
    pairs.push_back(
        {{"model", c.model},
         {"baseline", c.baseline},
         {"difference", c.difference},
         {"difference_interval", {c.difference_interval.low, c.difference_interval.high}},
         {"ratio", c.ratio},
         {"ratio_interval", {c.ratio_interval.low, c.ratio_interval.high}},
         {"p", c.p_value}});
  return {{"metric", evaluation.compared}, {"pairs", pairs}};
}

nlohmann::json SplitSummaryJson(const SplitSummary& summary) {
  return {{"users", summary.users},
          {"test_users", summary.test_users},
          {"users_without_test", summary.users_without_test},
          {"users_with_repeats_only", summary.users_with_repeats_only},
          {"test_interactions", summary.test_interactions},
          {"test_repeats", summary.test_repeats},
          {"has_times", summary.has_times},
          {"interactions", summary.interactions},
          {"tied_interactions", summary.tied_interactions},
          {"cut_users", summary.cut_users},
          {"users_cut_within_tie", summary.users_cut_within_tie}};
}

nlohmann::json SeedSummaryJson(const SeedSummary& summary) {
  nlohmann::json models = nlohmann::json::object();
  for (const SeedRow& row : summary.rows)
    for (const SeedFigure& metric : row.metrics)
      models[row.model][metric.name] = {{"mean", metric.mean}, {"deviation", metric.deviation}};
  nlohmann::json pairs = nlohmann::json::array();
  for (const SeedDifference& d : summary.differences)
    pairs.push_back({{"model", d.model},
                     {"baseline", d.baseline},
                     {"mean", d.difference.mean},
                     {"deviation", d.difference.deviation},
                     {"ratio", d.ratio},
                     {"better", d.better}});
  return {{"models", models}, {"comparisons", {{"metric", summary.compared}, {"pairs", pairs}}}};
}

nlohmann::json RankersJson(std::span<const RankerQuality> rankers) {
  nlohmann::json json = nlohmann::json::object();
  for (const RankerQuality& ranker : rankers)
    json[ranker.name] = {{"ndcg@10", ranker.ndcg},
                         {"auc", ranker.auc},
                         {"gauc", ranker.gauc},
                         {"log_loss", ranker.log_loss},
                         {"ece", ranker.ece}};
  if (rankers.empty()) return json;
  nlohmann::json& reliability = json[rankers.front().name]["reliability"];
  for (const ReliabilityBin& bin : rankers.front().reliability)
    reliability.push_back({bin.examples, bin.predicted, bin.observed});
  return json;
}

nlohmann::json LikedQualityJson(const LikedQuality& quality) {
  nlohmann::json json = {{"examples", quality.examples},
                         {"liked_share", quality.liked_share},
                         {"auc", quality.auc},
                         {"gauc", quality.gauc},
                         {"log_loss", quality.log_loss},
                         {"base_log_loss", quality.base_log_loss},
                         {"ece", quality.ece},
                         {"reliability", nlohmann::json::array()},
                         {"value_functions", nlohmann::json::array()}};
  for (const ReliabilityBin& bin : quality.reliability)
    json["reliability"].push_back({bin.examples, bin.predicted, bin.observed});
  for (const ValueQuality& value : quality.values)
    json["value_functions"].push_back({{"liked_worth", value.liked_worth},
                                       {"ndcg@10", value.ndcg},
                                       {"liked_ndcg@10", value.liked_ndcg},
                                       {"hits@10", value.hits},
                                       {"mean_value", value.mean_value}});
  return json;
}

nlohmann::json DiversityJson(std::span<const DiversityQuality> settings) {
  nlohmann::json json = nlohmann::json::array();
  for (const DiversityQuality& setting : settings)
    json.push_back({{"diversity", setting.diversity},
                    {"ndcg@10", setting.ndcg},
                    {"distance@10", setting.distance},
                    {"values@10", setting.values}});
  return json;
}

nlohmann::json RungsJson(std::span<const RungQuality> rungs) {
  nlohmann::json json = nlohmann::json::array();
  for (const RungQuality& rung : rungs)
    json.push_back({{"rung", rung.rung}, {"ndcg@10", rung.ndcg}});
  return json;
}

}  // namespace shortlist
