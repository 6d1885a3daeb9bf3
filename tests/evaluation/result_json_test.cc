#include "evaluation/result_json.h"

#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace shortlist {
namespace {

TEST(MetricsJson, IsByModelAndMetricWithIntervalsApartWhereThereAreAny) {
  const std::vector<EvaluationRow> rows = {
      {"both",
       {{.name = "hit@10", .value = 0.5, .low = 0.375, .high = 0.625},
        {.name = "ndcg@10", .value = 0.25, .low = 0.25, .high = 0.25}}}};
  EXPECT_EQ(MetricsJson(rows), (nlohmann::json{{"both", {{"hit@10", 0.5}, {"ndcg@10", 0.25}}}}));
  EXPECT_EQ(IntervalsJson(rows)["both"]["hit@10"], (nlohmann::json{0.375, 0.625}));
  EXPECT_FALSE(IntervalsJson(rows)["both"].contains("ndcg@10"));
}

TEST(ComparisonsJson, HasEveryPairAndNullForARatioThatThereIsNot) {
  Evaluation evaluation;
  evaluation.compared = "ndcg@10";
  evaluation.comparisons = {{.model = "both",
                             .baseline = "ease",
                             .difference = 0.25,
                             .ratio = std::numeric_limits<double>::infinity(),
                             .difference_interval = {0.125, 0.5},
                             .ratio_interval = {},
                             .p_value = 0.0625}};
  const nlohmann::json json = nlohmann::json::parse(ComparisonsJson(evaluation).dump());
  EXPECT_EQ(json["metric"], "ndcg@10");
  const nlohmann::json& pair = json["pairs"][0];
  EXPECT_EQ(pair["baseline"], "ease");
  EXPECT_EQ(pair["difference_interval"], (nlohmann::json{0.125, 0.5}));
  EXPECT_TRUE(pair["ratio"].is_null());
  EXPECT_EQ(pair["p"], 0.0625);
}

TEST(SplitSummaryJson, HasTiesAndWhatWasDropped) {
  const nlohmann::json json = SplitSummaryJson({.test_repeats = 3, .tied_interactions = 5});
  EXPECT_EQ(json["test_repeats"], 3);
  EXPECT_EQ(json["tied_interactions"], 5);
}

TEST(SeedSummaryJson, IsByModelAndMetricWithTheDifferencesApart) {
  SeedSummary summary{.seeds = 2, .cutoffs = {10}, .compared = "ndcg@10"};
  summary.rows = {{"ease", {{"ndcg@10", 0.5, 0.25}}}};
  summary.differences = {{"both", "ease", {"ndcg@10", 0.125, 0.0625}, 1.25, 2}};
  const nlohmann::json json = SeedSummaryJson(summary);
  EXPECT_EQ(json["models"]["ease"]["ndcg@10"]["deviation"], 0.25);
  EXPECT_EQ(json["comparisons"]["pairs"][0]["mean"], 0.125);
  EXPECT_EQ(json["comparisons"]["pairs"][0]["better"], 2);
}

TEST(RankersJson, HasTheReliabilityOfTheFirst) {
  const std::vector<RankerQuality> rankers = {
      {.name = "two_stage", .auc = 0.75, .ndcg = 0.5, .reliability = {{10, 0.25, 0.5}}},
      {.name = "x", .auc = 0.5}};
  const nlohmann::json json = RankersJson(rankers);
  EXPECT_EQ(json["two_stage"]["ndcg@10"], 0.5);
  EXPECT_EQ(json["two_stage"]["reliability"], (nlohmann::json{{10, 0.25, 0.5}}));
  EXPECT_FALSE(json["x"].contains("reliability"));
}

TEST(LikedQualityJson, HasTheHeadAndItsValueFunctions) {
  LikedQuality quality{.examples = 8, .liked_share = 0.25, .auc = 0.75};
  quality.values = {{.liked_worth = 3, .ndcg = 0.5, .hits = 2, .mean_value = 4.5}};
  const nlohmann::json json = LikedQualityJson(quality);
  EXPECT_EQ(json["liked_share"], 0.25);
  EXPECT_EQ(json["value_functions"][0]["liked_worth"], 3);
  EXPECT_EQ(json["value_functions"][0]["hits@10"], 2);
}

TEST(DiversityJson, IsAListOfSettings) {
  const std::vector<DiversityQuality> settings = {
      {.diversity = 0, .ndcg = 0.25, .distance = 0.5, .values = {{"genre", 2.5}}}};
  EXPECT_EQ(DiversityJson(settings), (nlohmann::json{{{"diversity", 0.0F},
                                                      {"ndcg@10", 0.25},
                                                      {"distance@10", 0.5},
                                                      {"values@10", {{"genre", 2.5}}}}}));
}

}  // namespace
}  // namespace shortlist
