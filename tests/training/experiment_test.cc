#include "training/experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/shared_data.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bundle.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

ExperimentOptions Quick(SplitKind split) {
  ExperimentOptions options;
  options.split = split;
  options.stages = QuickTrainingOptions().stages;
  options.threads = 2;
  return options;
}

std::vector<std::string> ModelsOf(const ExperimentResult& result) {
  std::vector<std::string> models;
  for (const EvaluationRow& row : result.evaluation.rows) models.push_back(row.model);
  return models;
}

class ExperimentSplitTest : public testing::TestWithParam<SplitKind> {};

TEST_P(ExperimentSplitTest, MeasuresEveryModel) {
  const Dataset dataset = MakeSyntheticDataset({.users = 120});
  const auto result = RunExperiment(dataset, Quick(GetParam()));
  ASSERT_TRUE(result.ok()) << result.status();
  std::vector<std::string> rows;
  for (const char* model : kExperimentModels) {
    rows.emplace_back(model);
    rows.push_back(RefitRow(model));
  }
  EXPECT_THAT(ModelsOf(*result), testing::ElementsAreArray(rows));
  EXPECT_EQ(result->split.test_users, result->evaluation.users);
  // Both stages with each of the six others, and the same of the refitted ones.
  const std::vector<PairedComparison>& comparisons = result->evaluation.comparisons;
  ASSERT_EQ(comparisons.size(), 12u);
  EXPECT_EQ(comparisons[0].model, "two_stage");
  EXPECT_EQ(comparisons[0].baseline, "popularity");
  EXPECT_EQ(comparisons[11].model, "two_stage_refit");
  EXPECT_EQ(comparisons[11].baseline, "retrieval_index_refit");
  for (const EvaluationRow& row : result->evaluation.rows) {
    if (!row.model.starts_with("popularity")) {
      EXPECT_GT(row["ndcg@10"], 1.3 * result->evaluation.rows[0]["ndcg@10"]) << row.model;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Splits, ExperimentSplitTest,
                         testing::Values(SplitKind::kLeaveOneOut, SplitKind::kPerUser,
                                         SplitKind::kTemporal));

TEST(Experiment, SameSeedAndThreadsGiveTheSameFigures) {
  const Dataset dataset = MakeSyntheticDataset();
  const auto first = RunExperiment(dataset, Quick(SplitKind::kPerUser));
  const auto second = RunExperiment(dataset, Quick(SplitKind::kPerUser));
  ASSERT_TRUE(first.ok() && second.ok());
  for (size_t m = 0; m < first->evaluation.rows.size(); ++m)
    EXPECT_EQ(first->evaluation.rows[m]["ndcg@20"], second->evaluation.rows[m]["ndcg@20"]);
}

TEST(Experiment, MoreDiversityMakesListsOfItemsLessAlike) {
  const Dataset dataset = MakeSyntheticDataset();
  ExperimentOptions options = Quick(SplitKind::kPerUser);
  options.left_out = {"item_knn", "ease", "ials", "retrieval_exact", "retrieval_index"};
  options.diversities = {0, 0.5, 1};
  const auto result = RunExperiment(dataset, options);
  ASSERT_TRUE(result.ok()) << result.status();
  const std::vector<DiversityQuality>& settings = result->diversity;
  ASSERT_EQ(settings.size(), 3u);
  // Without diversity both stages as they are.
  EXPECT_EQ(result->evaluation.rows.back().model, "two_stage_refit");
  EXPECT_NEAR(settings[0].ndcg, result->evaluation.rows.back()["ndcg@10"], 1e-6);
  for (size_t s = 1; s < settings.size(); ++s) {
    EXPECT_GT(settings[s].distance, settings[s - 1].distance);
    EXPECT_GE(settings[s].values.at("genre"), settings[s - 1].values.at("genre"));
  }
}

// The row of a model, which must be there.
const EvaluationRow& RowOf(const ExperimentResult& result, const std::string& model) {
  for (const EvaluationRow& row : result.evaluation.rows)
    if (row.model == model) return row;
  ADD_FAILURE() << "no row " << model;
  return result.evaluation.rows.front();
}

TEST(Experiment, WithoutRefitTheRowsOfTheTrainingPartAreTheSameAndTheOnlyOnes) {
  const Dataset dataset = MakeSyntheticDataset();
  ExperimentOptions options = Quick(SplitKind::kLeaveOneOut);
  options.left_out = {"ease", "ials", "retrieval_index"};
  const auto with = RunExperiment(dataset, options);
  options.refit = false;
  const auto without = RunExperiment(dataset, options);
  ASSERT_TRUE(with.ok() && without.ok());
  EXPECT_EQ(with->train_interactions, without->train_interactions);
  EXPECT_EQ(with->refit_interactions, with->train_interactions + dataset.user_ids.size());
  EXPECT_EQ(without->refit_interactions, 0);
  EXPECT_THAT(ModelsOf(*without),
              testing::ElementsAre("popularity", "item_knn", "retrieval_exact", "two_stage"));
  for (const EvaluationRow& row : without->evaluation.rows) {
    EXPECT_EQ(RowOf(*with, row.model)["ndcg@20"], row["ndcg@20"]) << row.model;
    EXPECT_EQ(RowOf(*with, row.model)["novelty@20"], row["novelty@20"]) << row.model;
    // What validation adds is seen.
    EXPECT_NE(RowOf(*with, RefitRow(row.model))["ndcg@100"], row["ndcg@100"]) << row.model;
  }
}

TEST(Experiment, TheRankerIsTrainedOnlyWhereBothStagesAreMeasured) {
  const Dataset dataset = MakeSyntheticDataset();
  ExperimentOptions options = Quick(SplitKind::kPerUser);
  options.left_out = {"item_knn", "ease", "ials", "two_stage"};
  const auto without = RunExperiment(dataset, options);
  ASSERT_TRUE(without.ok()) << without.status();
  EXPECT_FALSE(without->seconds.contains("ranker"));
  EXPECT_THAT(ModelsOf(*without), testing::ElementsAre("popularity", "popularity_refit",
                                                       "retrieval_exact", "retrieval_exact_refit",
                                                       "retrieval_index", "retrieval_index_refit"));
  EXPECT_THAT(without->skipped, testing::IsEmpty());
  options.left_out.erase("two_stage");
  const auto with = RunExperiment(dataset, options);
  ASSERT_TRUE(with.ok()) << with.status();
  EXPECT_TRUE(with->seconds.contains("ranker"));
  EXPECT_EQ(ModelsOf(*with).back(), "two_stage_refit");
}

TEST(Experiment, UnseenUsersAreReportedApart) {
  ExperimentOptions options = Quick(SplitKind::kPerUser);
  options.unseen_users = 0.25;
  const auto result = RunExperiment(MakeSyntheticDataset(), options);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->evaluation.users, 60);
  const EvaluationSlice& slice = result->evaluation.slices.back();
  EXPECT_EQ(slice.name, "unseen_users");
  EXPECT_EQ(slice.users, 20);
}

// Data sets as they come.

class DegenerateDatasetTest : public testing::Test {
 protected:
  absl::StatusOr<ExperimentResult> Run(const std::string& rows,
                                       const std::string& header = "user_id:token\titem_id:token",
                                       SplitKind split = SplitKind::kLeaveOneOut) {
    folder_.Write("toy/toy.inter", header + "\n" + rows);
    const auto dataset = LoadDataset(folder_ / "toy", {});
    if (!dataset.ok()) return dataset.status();
    return RunExperiment(*dataset, Quick(split));
  }
  TemporaryFolder folder_;
};

TEST_F(DegenerateDatasetTest, OneUserIsMeasuredWithoutTheRankerAndSaysWhy) {
  const auto result = Run("1\ta\n1\tb\n1\tc\n1\td\n1\te\n");
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->evaluation.users, 1);
  EXPECT_EQ(result->evaluation.rows[0].model, "popularity");
}

TEST_F(DegenerateDatasetTest, OneItemLeavesNothingToTest) {
  const auto result = Run("1\ta\n2\ta\n3\ta\n1\ta\n1\ta\n");
  EXPECT_EQ(result.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("nothing to test on"));
}

TEST_F(DegenerateDatasetTest, OneInteractionEachLeavesNothingToTest) {
  EXPECT_THAT(std::string(Run("1\ta\n2\tb\n").status().message()),
              HasSubstr("three interactions at least"));
}

TEST_F(DegenerateDatasetTest, NoTimesCannotBeSplitByTime) {
  EXPECT_THAT(
      std::string(Run("1\ta\n1\tb\n1\tc\n", "user_id:token\titem_id:token", SplitKind::kTemporal)
                      .status()
                      .message()),
      HasSubstr("a temporal split needs times, and none is known: no column"));
}

TEST_F(DegenerateDatasetTest, HardlyAnyDifferentTimesLeaveNothingToTrainOn) {
  std::string rows;
  for (int user = 0; user < 20; ++user)
    for (int item = 0; item < 10; ++item)
      rows += absl::StrCat(user, "\t", user + item, "\t", item < 9 ? 1 : 2, "\n");
  const auto result =
      Run(rows, "user_id:token\titem_id:token\ttimestamp:float", SplitKind::kTemporal);
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("nothing to train on"));
}

TEST_F(DegenerateDatasetTest, DuplicateRowsWork) {
  std::string rows;
  for (int user = 0; user < 20; ++user)
    for (int item = 0; item < 8; ++item)
      for (int twice = 0; twice < 2; ++twice)
        rows += std::to_string(user) + "\t" + std::to_string((user + item) % 12) + "\n";
  const auto result = Run(rows);
  // Whose last two rows are the same item has nothing new to be tested on.
  EXPECT_EQ(result.status().code(), absl::StatusCode::kFailedPrecondition);
  const auto per_user = Run(rows, "user_id:token\titem_id:token", SplitKind::kPerUser);
  ASSERT_TRUE(per_user.ok()) << per_user.status();
  EXPECT_EQ(per_user->evaluation.users, 20);
}

}  // namespace
}  // namespace shortlist
