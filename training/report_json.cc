#include "training/report_json.h"

#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "evaluation/result_json.h"
#include "training/training_page.h"

namespace shortlist {
namespace {

nlohmann::json ExperimentAsJson(const Dataset& dataset, std::string_view split,
                                const ExperimentOptions& options, const ExperimentResult& result) {
  nlohmann::json json = {{"dataset", dataset.name},
                         {"split", split},
                         {"users", result.users},
                         {"items", result.items},
                         {"train_interactions", result.train_interactions},
                         {"refit_interactions", result.refit_interactions},
                         {"test_users", result.evaluation.users},
                         {"split_summary", SplitSummaryJson(result.split)},
                         {"seed", options.stages.seed},
                         {"seconds", result.seconds},
                         {"chosen", result.chosen},
                         {"skipped", result.skipped},
                         {"models", MetricsJson(result.evaluation.rows)},
                         {"intervals", IntervalsJson(result.evaluation.rows)},
                         {"comparisons", ComparisonsJson(result.evaluation)},
                         {"rankers", RankersJson(result.rankers)},
                         {"diversity", DiversityJson(result.diversity)},
                         {"slices", nlohmann::json::object()}};
  if (result.liked_head) json["liked_head"] = LikedQualityJson(*result.liked_head);
  for (const EvaluationSlice& slice : result.evaluation.slices)
    json["slices"][slice.name] = {{"users", slice.users},
                                  {"models", MetricsJson(slice.rows)},
                                  {"intervals", IntervalsJson(slice.rows)}};
  return json;
}

}  // namespace

std::string TrainingReportJson(const Dataset& dataset, const TrainingOptions& options,
                               const TrainingReport& report) {
  nlohmann::json epochs = nlohmann::json::array();
  for (const TowerEpoch& epoch : report.epochs)
    epochs.push_back(
        {{"epoch", epoch.epoch}, {"loss", epoch.loss}, {"validation_ndcg", epoch.validation_ndcg}});
  nlohmann::json json = {
      {"dataset",
       {{"name", dataset.name},
        {"users", report.users},
        {"items", report.items},
        {"interactions", report.interactions}}},
      {"towers", {{"epochs", epochs}, {"chosen", Describe(report.choice)}}},
      {"ranker",
       {{"requests", report.ranker.requests},
        {"examples", report.ranker.examples},
        {"positives", report.ranker.positives},
        {"features", report.ranker.spec.features.size()},
        {"weights", report.ranker.weights.weights.size()},
        {"l2", report.ranker.l2},
        {"log_loss", report.ranker.log_loss},
        {"base_log_loss", report.ranker.base_log_loss}}},
      {"evaluation",
       {{"users", report.evaluation.users}, {"models", MetricsJson(report.evaluation.rows)}}},
      {"rankers", RankersJson(report.rankers)},
      {"warnings", ReviewWarnings(dataset, report)},
      {"seed", options.stages.seed},
      {"trained_again_on_everything", options.refit}};
  if (const std::optional<LikedHead>& head = report.ranker.liked_head) {
    json["liked_head"] = {{"liked_value", head->liked_value},
                          {"examples", head->examples},
                          {"liked", head->liked},
                          {"l2", head->l2},
                          {"log_loss", head->log_loss},
                          {"base_log_loss", head->base_log_loss}};
    if (report.liked_head) json["liked_head"]["test"] = LikedQualityJson(*report.liked_head);
  }
  return json.dump(2) + "\n";
}

std::string ExperimentJson(const Dataset& dataset, std::string_view split,
                           const ExperimentOptions& options, const ExperimentResult& result) {
  return ExperimentAsJson(dataset, split, options, result).dump(2) + "\n";
}

std::string SeedsJson(const Dataset& dataset, std::string_view split,
                      const ExperimentOptions& options, std::span<const uint64_t> seeds,
                      std::span<const ExperimentResult> results) {
  std::vector<Evaluation> evaluations;
  for (const ExperimentResult& result : results) evaluations.push_back(result.evaluation);
  nlohmann::json json = SeedSummaryJson(SummariseSeeds(evaluations));
  json["dataset"] = dataset.name;
  json["split"] = split;
  for (size_t s = 0; s < results.size(); ++s) {
    ExperimentOptions with_seed = options;
    with_seed.stages.seed = seeds[s];
    json["seeds"][std::to_string(seeds[s])] =
        ExperimentAsJson(dataset, split, with_seed, results[s]);
  }
  return json.dump(2) + "\n";
}

}  // namespace shortlist
