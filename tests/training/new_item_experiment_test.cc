#include "training/new_item_experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/synthetic_dataset.h"
#include "tests/support/test_bundle.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

NewItemOptions Quick() {
  NewItemOptions options;
  options.share = 0.2;
  options.evaluator.cutoffs = {5, 10};
  options.stages = QuickTrainingOptions().stages;
  options.threads = 2;
  return options;
}

TEST(NewItemExperiment, PlacesItemsOfAGenreBeforeThoseWhoLikeIt) {
  const Dataset dataset = MakeSyntheticDataset({.users = 200, .items = 120});
  const auto result = RunNewItemExperiment(dataset, Quick());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->items, 120u);
  EXPECT_EQ(result->new_items, 24u);
  EXPECT_EQ(result->without_content, 0u);
  for (const Evaluation& evaluation : {result->among_new, result->whole_catalog}) {
    ASSERT_EQ(evaluation.rows.size(), std::size(kNewItemModels));
    for (size_t r = 0; r < std::size(kNewItemModels); ++r)
      EXPECT_EQ(evaluation.rows[r].model, kNewItemModels[r]);
    EXPECT_GT(evaluation.users, 100u);
  }
  const std::vector<EvaluationRow>& rows = result->among_new.rows;
  EXPECT_NEAR(rows[0]["recall@10"], 10.0 / 22, 0.1);
  EXPECT_GT(rows[3]["recall@5"], 1.5 * rows[0]["recall@5"]);
  EXPECT_GT(ShareOfTrained(result->among_new, "recall@5"), 0.5);
  EXPECT_GT(ShareOfTrained(result->among_new, "recall@5", "two_stage_"), 0.5);
  EXPECT_GT(ShareOfTrained(result->whole_catalog, "recall@10", "two_stage_"), 0.2);
}

TEST(NewItemExperiment, TellsOfTheVectorsThatNewItemsBringAlong) {
  Dataset dataset = MakeSyntheticDataset({.users = 200, .items = 120, .vector_dim = 6});
  CatalogData& items = dataset.items;
  items.schema.clear();
  items.codes.clear();
  std::ranges::fill(items.code_offsets, 0);
  items.numbers.clear();
  const auto result = RunNewItemExperiment(dataset, Quick());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_LE(result->without_content, 1u);  // The last has no vector.
  EXPECT_GT(ShareOfTrained(result->among_new, "recall@5"), 0.5);
  EXPECT_GT(ShareOfTrained(result->among_new, "recall@5", "two_stage_"), 0.5);
}

TEST(NewItemExperiment, SaysWhatNewItemsTakeFromTheOthers) {
  const Dataset dataset = MakeSyntheticDataset({.users = 200, .items = 120});
  const auto result = RunNewItemExperiment(dataset, Quick());
  ASSERT_TRUE(result.ok()) << result.status();
  const Evaluation& all = result->all_relevant;
  ASSERT_EQ(all.rows.size(), 6u);
  EXPECT_EQ(all.rows[0].model, "without_them");
  EXPECT_EQ(all.rows[1].model, "from_content");
  EXPECT_EQ(all.rows[2].model, "trained_with_them");
  EXPECT_EQ(all.rows[3].model, "two_stage_without_them");
  EXPECT_EQ(all.rows[4].model, "two_stage_from_content");
  EXPECT_EQ(all.rows[5].model, "two_stage_trained_with_them");
  EXPECT_GE(all.users, result->whole_catalog.users);
  EXPECT_NE(all.rows[0]["recall@10"], all.rows[1]["recall@10"]);
}

TEST(NewItemExperiment, IsTheSameForTheSameSeed) {
  const Dataset dataset = MakeSyntheticDataset();
  const auto first = RunNewItemExperiment(dataset, Quick());
  const auto second = RunNewItemExperiment(dataset, Quick());
  ASSERT_TRUE(first.ok() && second.ok());
  for (size_t r = 0; r < std::size(kNewItemModels); ++r)
    EXPECT_EQ(first->whole_catalog.rows[r]["ndcg@10"], second->whole_catalog.rows[r]["ndcg@10"]);
}

TEST(NewItemExperiment, ShareOfTrainedIsNothingAtRandomAndOneAsTrained) {
  Evaluation evaluation;
  for (const auto& [model, value] :
       {std::pair("random", 0.1), std::pair("from_content", 0.2),
        std::pair("trained_with_them", 0.5), std::pair("two_stage_from_content", 0.6),
        std::pair("two_stage_trained_with_them", 0.6)})
    evaluation.rows.push_back({.model = model, .metrics = {{.name = "recall@10", .value = value}}});
  EXPECT_NEAR(ShareOfTrained(evaluation, "recall@10"), 0.25, 1e-9);
  EXPECT_NEAR(ShareOfTrained(evaluation, "recall@10", "two_stage_"), 1, 1e-9);
}

TEST(NewItemExperiment, SaysWhatTheDataLacks) {
  Dataset dataset = MakeSyntheticDataset();
  NewItemOptions options = Quick();
  options.share = 0.001;
  EXPECT_THAT(std::string(RunNewItemExperiment(dataset, options).status().message()),
              HasSubstr("too few items"));
  dataset.items.schema.clear();
  dataset.items.codes.clear();
  std::ranges::fill(dataset.items.code_offsets, 0);
  dataset.items.numbers.clear();
  EXPECT_THAT(std::string(RunNewItemExperiment(dataset, Quick()).status().message()),
              HasSubstr("neither attributes nor vectors"));
}

}  // namespace
}  // namespace shortlist
