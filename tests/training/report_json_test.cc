#include "training/report_json.h"

#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace shortlist {
namespace {

TEST(TrainingReportJson, HasWhatWasTrainedOnAndNoTimes) {
  Dataset dataset;
  dataset.name = "toy";
  TrainingReport report{.users = 3, .items = 5, .interactions = 9};
  report.epochs = {{.epoch = 1, .loss = 2.5}};
  TrainingOptions options;
  options.stages.seed = 7;
  const std::string text = TrainingReportJson(dataset, options, report);
  const nlohmann::json json = nlohmann::json::parse(text);
  EXPECT_EQ(json["dataset"]["name"], "toy");
  EXPECT_EQ(json["dataset"]["items"], 5);
  EXPECT_EQ(json["towers"]["epochs"][0]["loss"], 2.5);
  EXPECT_EQ(json["seed"], 7);
  EXPECT_FALSE(json.contains("liked_head"));
  report.seconds = 12;
  EXPECT_EQ(TrainingReportJson(dataset, options, report), text);
}

TEST(ExperimentJson, HasTheSlicesApartAndWhatWasLeftOut) {
  Dataset dataset;
  dataset.name = "toy";
  ExperimentResult result;
  result.evaluation.rows = {{"ease", {{.name = "hit@10", .value = 0.5}}}};
  result.evaluation.slices = {{.name = "cold_users", .users = 2, .rows = result.evaluation.rows}};
  result.skipped = {{"ials", "too few items"}};
  const nlohmann::json json =
      nlohmann::json::parse(ExperimentJson(dataset, "temporal", ExperimentOptions(), result));
  EXPECT_EQ(json["split"], "temporal");
  EXPECT_EQ(json["models"]["ease"]["hit@10"], 0.5);
  EXPECT_EQ(json["slices"]["cold_users"]["users"], 2);
  EXPECT_EQ(json["skipped"]["ials"], "too few items");
}

TEST(SeedsJson, HasTheSummaryAndEverySeed) {
  Dataset dataset;
  dataset.name = "toy";
  std::vector<ExperimentResult> results(2);
  results[0].evaluation.rows = {{"ease", {{.name = "hit@10", .value = 0.5}}}};
  results[1].evaluation.rows = {{"ease", {{.name = "hit@10", .value = 0.25}}}};
  const nlohmann::json json = nlohmann::json::parse(
      SeedsJson(dataset, "temporal", ExperimentOptions(), std::vector<uint64_t>{3, 7}, results));
  EXPECT_EQ(json["dataset"], "toy");
  EXPECT_EQ(json["models"]["ease"]["hit@10"]["mean"], 0.375);
  EXPECT_EQ(json["seeds"]["3"]["models"]["ease"]["hit@10"], 0.5);
  EXPECT_EQ(json["seeds"]["7"]["seed"], 7);
}

}  // namespace
}  // namespace shortlist
