#include "training/report_json.h"

#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace shortlist {
namespace {

TEST(DataReportJson, LeavesOutWhatThereIsNot) {
  DataReport report{.name = "toy", .attributes = {{.of = "item", .name = "genre"}}};
  nlohmann::json json = nlohmann::json::parse(DataReportJson(report));
  EXPECT_EQ(json["dataset"], "toy");
  EXPECT_EQ(json["attributes"][0]["type"], "token");
  EXPECT_FALSE(json["attributes"][0].contains("range"));
  EXPECT_FALSE(json.contains("range_ms"));
  EXPECT_FALSE(json.contains("sessions"));

  report.first_ms = 1'000;
  report.last_ms = 9'000;
  report.periods = {{"1970", 2}};
  report.sessions = SessionReport{.sessions = 1, .lengths = {{1, 1, 0}, {2, 0, 1}}};
  report.attributes[0].type = AttributeType::kNumber;
  report.attributes[0].least = 1.5;
  report.attributes[0].most = 2;
  report.summary.leakage = {{"plays", 0.9}};
  json = nlohmann::json::parse(DataReportJson(report));
  EXPECT_EQ(json["range_ms"], nlohmann::json({1'000, 9'000}));
  EXPECT_EQ(json["periods"][0], nlohmann::json({"1970", 2}));
  EXPECT_EQ(json["sessions"]["lengths"][1], nlohmann::json({2, 1}));
  EXPECT_EQ(json["attributes"][0]["type"], "number");
  EXPECT_EQ(json["attributes"][0]["range"], nlohmann::json({1.5, 2}));
  EXPECT_EQ(json["leakage"][0]["attribute"], "plays");
}

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
  EXPECT_EQ(json["data"]["interactions"], 0);
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
