#include "training/bundle_trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>
#include <vector>

#include "common/files.h"
#include "model/bundle.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bundle.h"
#include "training/training_page.h"

namespace shortlist {
namespace {

TEST(BundleTrainer, PublishedBundleLoadsAndReturnsRankedCandidates) {
  const Dataset dataset = MakeSyntheticDataset();
  const TemporaryFolder models;
  const PublishedBundle published = PublishTestBundle(dataset, models.path());
  const auto bundle = LoadCurrentBundle(models.path());
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ((*bundle)->id, published.id);
  EXPECT_EQ((*bundle)->catalog.item_count(), dataset.items.ids.size());

  const EncodedUser user{.user = 1, .attribute_codes = {1}, .history = {{3, 0, 5}, {7, 0, 5}}};
  ItemFilter filter;
  filter.Exclude(ItemsOf(user));
  const auto candidates = (*bundle)->candidates->Generate(user, {}, filter, 30);
  ASSERT_EQ(candidates.size(), 30);
  std::vector<float> scores(30);
  (*bundle)->ranker->Score(user, {}, candidates, scores);
  EXPECT_THAT(scores, testing::Each(testing::Truly([](float s) { return std::isfinite(s); })));
}

TEST(BundleTrainer, TwoStagesBeatRetrievalAndRetrievalBeatsPopularity) {
  const Dataset dataset = MakeSyntheticDataset({.users = 200});
  const TemporaryFolder folder;
  TrainingOptions options = QuickTrainingOptions();
  options.refit = false;
  const auto report = TrainBundle(dataset, folder.path(), options);
  ASSERT_TRUE(report.ok()) << report.status();
  const std::vector<EvaluationRow>& rows = report->evaluation.rows;
  ASSERT_EQ(rows.size(), 3);
  EXPECT_GT(rows[1]["ndcg@10"], rows[0]["ndcg@10"]);
  EXPECT_GT(rows[2]["ndcg@10"], rows[0]["ndcg@10"]);
  EXPECT_GE(rows[2]["ndcg@10"], rows[1]["ndcg@10"]);
  EXPECT_LT(report->ranker.log_loss, report->ranker.base_log_loss);
}

// All but the index, whose graph is the same only when one thread builds it.
TEST(BundleTrainer, SameSeedAndThreadsGiveTheSameModelFiles) {
  const Dataset dataset = MakeSyntheticDataset();
  const TemporaryFolder a;
  const TemporaryFolder b;
  TrainingOptions options = QuickTrainingOptions();
  options.threads = 2;
  ASSERT_TRUE(TrainBundle(dataset, a.path(), options).ok());
  ASSERT_TRUE(TrainBundle(dataset, b.path(), options).ok());
  for (const char* file :
       {kCatalogFile, kTowersFile, kSimilarityFile, kHistoryRegressionFile, kNextRegressionFile,
        kContentFile, kSegmentsFile, kFeatureSpecFile, kRankerFile})
    EXPECT_EQ(*Sha256OfFile(a.path() / file), *Sha256OfFile(b.path() / file)) << file;
}

TEST(BundleTrainer, VectorsOfItemsAreInTheBundleWithRefittingAndWithout) {
  const Dataset dataset = MakeSyntheticDataset({.vector_dim = 5});
  TrainingOptions options = QuickTrainingOptions();
  for (const bool refit : {false, true}) {
    options.refit = refit;
    const TemporaryFolder folder;
    ASSERT_TRUE(TrainBundle(dataset, folder.path(), options).ok());
    const auto vectors = ItemVectors::Open(folder.path() / kItemVectorsFile,
                                           static_cast<uint32_t>(dataset.items.ids.size()));
    ASSERT_TRUE(vectors.ok()) << vectors.status();
    EXPECT_TRUE(std::ranges::equal(vectors->all(), dataset.items.vectors));
  }
}

// The ranker learns from what was known before each request: not from the test's interactions.
TEST(BundleTrainer, WhatHappensAfterTheRequestsDoesNotChangeTheRanker) {
  Dataset dataset = MakeSyntheticDataset();
  TrainingOptions options = QuickTrainingOptions();
  options.refit = false;
  // Every test interaction is with another item, and later than all requests.
  const auto sequences = SplitPerUser(dataset, options.valid_share, options.test_share);
  for (const UserSequence& sequence : sequences) {
    for (size_t i = sequence.valid_end; i < sequence.end; ++i) {
      dataset.interactions[i].item = (dataset.interactions[i].item + 17) % 120;
      dataset.interactions[i].time_ms += 1'000'000'000'000;
    }
  }
  Dataset original = MakeSyntheticDataset();
  for (const UserSequence& sequence : sequences)
    for (size_t i = sequence.valid_end; i < sequence.end; ++i)
      original.interactions[i].time_ms += 1'000'000'000'000;
  const TemporaryFolder a;
  const TemporaryFolder b;
  const auto changed = TrainBundle(dataset, a.path(), options);
  const auto unchanged = TrainBundle(original, b.path(), options);
  ASSERT_TRUE(changed.ok() && unchanged.ok());
  EXPECT_EQ(changed->ranker.weights.weights, unchanged->ranker.weights.weights);
  EXPECT_EQ(Describe(changed->choice), Describe(unchanged->choice));
}

TEST(BundleTrainer, TheHeadForLikedItemsKnowsThatNewerOnesAreAndTheReportSaysSo) {
  const Dataset dataset = MakeSyntheticDataset({.users = 200});
  const TemporaryFolder folder;
  TrainingOptions options = QuickTrainingOptions();
  options.stages.ranker.liked_head = true;
  const auto report = TrainBundle(dataset, folder.path(), options);
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_TRUE(report->liked_head);
  // All that can be known is whether an item is newer.
  EXPECT_GT(report->liked_head->auc, 0.7);
  EXPECT_LT(report->liked_head->log_loss, report->liked_head->base_log_loss - 0.05);
  EXPECT_LT(report->liked_head->ece, 0.1);
  EXPECT_NEAR(report->liked_head->liked_share, 0.55, 0.1);
  const auto json = nlohmann::json::parse(*ReadFile(folder.path() / kReportFile));
  EXPECT_EQ(json["liked_head"]["liked_value"], 4);
  EXPECT_EQ(json["liked_head"]["test"]["auc"], report->liked_head->auc);
  EXPECT_THAT(*ReadFile(folder.path() / kReportPageFile),
              testing::HasSubstr("The head for liked items"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / kLikedHeadFile));

  TrainingReport bad = *report;
  bad.ranker.liked_head->examples = 10;
  bad.liked_head->log_loss = 0.8;
  bad.liked_head->base_log_loss = 0.7;
  bad.liked_head->ece = 0.2;
  EXPECT_THAT(ReviewWarnings(dataset, bad),
              testing::IsSupersetOf({testing::HasSubstr("liked items learned from only 10"),
                                     testing::HasSubstr("liked items knows nothing"),
                                     testing::HasSubstr("liked items is off by 0.200")}));
}

TEST(BundleTrainer, AHeadForLikedItemsWithoutValuesIsRefusedAtOnce) {
  Dataset dataset = MakeSyntheticDataset();
  for (DatasetInteraction& interaction : dataset.interactions) interaction.value = 0;
  const TemporaryFolder folder;
  TrainingOptions options = QuickTrainingOptions();
  options.stages.ranker.liked_head = true;
  const auto report = TrainBundle(dataset, folder.path(), options);
  EXPECT_EQ(report.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(BundleTrainer, TheRankerKnowsTheLikeRateWhereSomeAreLikedAndOthersAreNot) {
  Dataset dataset = MakeSyntheticDataset();
  auto liked_counts_and_spec = [&] {
    const TemporaryFolder folder;
    EXPECT_TRUE(TrainBundle(dataset, folder.path(), QuickTrainingOptions()).ok());
    const auto catalog = Catalog::Open(folder.path() / kCatalogFile);
    return std::pair(
        std::vector<uint32_t>(catalog->liked_counts().begin(), catalog->liked_counts().end()),
        *ReadFile(folder.path() / kFeatureSpecFile));
  };
  std::vector<uint32_t> expected(dataset.items.ids.size(), 0);
  for (const DatasetInteraction& interaction : dataset.interactions)
    if (interaction.value >= 4) ++expected[interaction.item];
  const auto [counts, spec] = liked_counts_and_spec();
  EXPECT_EQ(counts, expected);
  EXPECT_THAT(spec, testing::HasSubstr("FEATURE_KIND_LIKE_RATE"));
  for (DatasetInteraction& interaction : dataset.interactions) interaction.value = 0;
  EXPECT_THAT(liked_counts_and_spec().second,
              testing::Not(testing::HasSubstr("FEATURE_KIND_LIKE_RATE")));
}

TEST(BundleTrainer, TooLittleDataForATestOrARankerSaysSo) {
  const TemporaryFolder folder;
  auto error = [&](const Dataset& dataset) {
    const auto report = TrainBundle(dataset, folder.path(), QuickTrainingOptions());
    EXPECT_EQ(report.status().code(), absl::StatusCode::kFailedPrecondition);
    return std::string(report.status().message());
  };
  EXPECT_THAT(error(MakeSyntheticDataset({.users = 1, .interactions_per_user = 2})),
              testing::HasSubstr("nothing to test on"));
  Dataset repeats = MakeSyntheticDataset({.users = 1, .interactions_per_user = 3});
  repeats.interactions[1].item = repeats.interactions[0].item;  // All of validation.
  EXPECT_THAT(error(repeats), testing::HasSubstr("nothing to train the ranker on"));
}

}  // namespace
}  // namespace shortlist
