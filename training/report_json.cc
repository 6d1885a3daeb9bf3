#include "training/report_json.h"

#include <map>
#include <optional>
#include <string>
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
                         {"rungs", RungsJson(result.rungs)},
                         {"slices", nlohmann::json::object()}};
  if (result.liked_head) json["liked_head"] = LikedQualityJson(*result.liked_head);
  for (const EvaluationSlice& slice : result.evaluation.slices)
    json["slices"][slice.name] = {{"users", slice.users},
                                  {"models", MetricsJson(slice.rows)},
                                  {"intervals", IntervalsJson(slice.rows)}};
  return json;
}

nlohmann::json SummaryAsJson(const DatasetSummary& summary) {
  return {{"rows", summary.rows},
          {"bad_rows", summary.bad_rows},
          {"out_of_range", summary.out_of_range},
          {"worth_nothing", summary.worth_nothing},
          {"later_or_earlier", summary.later_or_earlier},
          {"rare", summary.rare},
          {"rare_users", summary.rare_users},
          {"rare_items", summary.rare_items},
          {"test_refused", summary.test_refused},
          {"refused", summary.refused},
          {"repeats", summary.repeats},
          {"unknown_times", summary.unknown_times},
          {"time", summary.time},
          {"worth", summary.worth},
          {"notes", summary.notes.all()}};
}

nlohmann::json ConcentrationAsJson(const ConcentrationReport& report) {
  nlohmann::json json = {{"with_any", report.with_any},
                         {"with_none", report.with_none},
                         {"with_one", report.with_one},
                         {"with_two", report.with_two},
                         {"with_five_or_fewer", report.with_five_or_fewer},
                         {"interactions", report.interactions},
                         {"top", report.top},
                         {"top_share", report.top_share},
                         {"gini", report.gini},
                         {"ranks", nlohmann::json::array()}};
  for (const auto& [rank, interactions] : report.ranks)
    json["ranks"].push_back({rank, interactions});
  return json;
}

nlohmann::json SessionsAsJson(const SessionReport& report) {
  nlohmann::json json = {{"longest_pause_ms", kSessionGapMs},
                         {"sessions", report.sessions},
                         {"users", report.users},
                         {"users_with_one", report.users_with_one},
                         {"length", report.length},
                         {"lengths", nlohmann::json::array()}};
  for (const auto& [least, most, sessions] : report.lengths)
    json["lengths"].push_back({least, sessions});
  return json;
}

nlohmann::json AttributeAsJson(const AttributeReport& attribute) {
  static constexpr const char* kTypes[] = {"", "token", "tokens", "number"};
  nlohmann::json json = {{"of", attribute.of},
                         {"name", attribute.name},
                         {"type", kTypes[static_cast<size_t>(attribute.type)]},
                         {"values", attribute.values},
                         {"rows", attribute.rows},
                         {"missing", attribute.missing},
                         {"most_frequent", nlohmann::json::array()}};
  for (const auto& [name, rows] : attribute.most_frequent)
    json["most_frequent"].push_back({name, rows});
  if (attribute.least) json["range"] = {*attribute.least, *attribute.most};
  return json;
}

nlohmann::json DataReportAsJson(const DataReport& report) {
  nlohmann::json json = {{"dataset", report.name},
                         {"summary", SummaryAsJson(report.summary)},
                         {"interactions", report.interactions},
                         {"tied", report.tied},
                         {"density", report.density},
                         {"periods", nlohmann::json::array()},
                         {"users", ConcentrationAsJson(report.users)},
                         {"items", ConcentrationAsJson(report.items)},
                         {"has_titles", report.has_titles},
                         {"attributes", nlohmann::json::array()},
                         {"leakage", nlohmann::json::array()}};
  if (report.first_ms) json["range_ms"] = {*report.first_ms, *report.last_ms};
  for (const auto& [name, interactions] : report.periods)
    json["periods"].push_back({name, interactions});
  if (report.sessions) json["sessions"] = SessionsAsJson(*report.sessions);
  for (const AttributeReport& attribute : report.attributes)
    json["attributes"].push_back(AttributeAsJson(attribute));
  for (const auto& [attribute, correlation] : report.summary.leakage)
    json["leakage"].push_back({{"attribute", attribute}, {"correlation", correlation}});
  return json;
}

}  // namespace

std::string DataReportJson(const DataReport& report) {
  return DataReportAsJson(report).dump(2) + "\n";
}

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
      {"data", DataReportAsJson(report.data)},
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

std::string NewItemsJson(const Dataset& dataset, std::string_view split,
                         std::span<const uint64_t> seeds, std::span<const NewItemResult> results) {
  nlohmann::json json = {{"dataset", dataset.name}, {"split", split}};
  for (size_t s = 0; s < results.size(); ++s)
    json["seeds"][std::to_string(seeds[s])] = {
        {"items", results[s].items},
        {"new_items", results[s].new_items},
        {"without_content", results[s].without_content},
        {"train_interactions", results[s].train_interactions}};
  for (const auto& [name, member] : {std::pair("among_new", &NewItemResult::among_new),
                                     std::pair("whole_catalog", &NewItemResult::whole_catalog)}) {
    std::vector<Evaluation> evaluations;
    std::map<std::string, double> shares;  // By name: the sum over the seeds.
    for (size_t s = 0; s < results.size(); ++s) {
      const Evaluation& evaluation = results[s].*member;
      nlohmann::json& of_seed = json["seeds"][std::to_string(seeds[s])][name];
      of_seed = {{"test_users", evaluation.users}, {"models", MetricsJson(evaluation.rows)}};
      const std::string metric = "recall@" + std::to_string(MainCutoff(evaluation.cutoffs));
      for (const std::string stages : {"", "two_stage_"}) {
        if (!stages.empty() && !results[s].has_both_stages) continue;
        const double share = ShareOfTrained(evaluation, metric, stages);
        of_seed[stages + "share_of_trained"] = share;
        shares[stages + "share_of_trained"] += share;
      }
      evaluations.push_back(evaluation);
    }
    json[name] = SeedSummaryJson(SummariseSeeds(evaluations));
    for (const auto& [share, sum] : shares)
      json[name][share] = sum / static_cast<double>(results.size());
  }
  std::vector<Evaluation> all;
  for (size_t s = 0; s < results.size(); ++s) {
    all.push_back(results[s].all_relevant);
    json["seeds"][std::to_string(seeds[s])]["all_relevant"] = {
        {"test_users", all.back().users}, {"models", MetricsJson(all.back().rows)}};
  }
  json["all_relevant"] = SeedSummaryJson(SummariseSeeds(all));
  return json.dump(2) + "\n";
}

}  // namespace shortlist
