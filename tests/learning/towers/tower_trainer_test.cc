#include "learning/towers/tower_trainer.h"

#include <gtest/gtest.h>

#include <stdlib.h>

#include <algorithm>
#include <string>

#include "tests/support/synthetic_dataset.h"

namespace shortlist {
namespace {

TowerOptions Small() {
  TowerOptions options;
  options.dim = 16;
  options.max_epochs = 6;
  options.sequence.shape = {.dim = 16, .hidden = 16, .max_history = 10};
  options.bag.batch_size = 32;
  return options;
}

class TowerTrainerTest : public testing::Test {
 protected:
  ChosenTowers Choose(const TowerOptions& options) {
    auto chosen =
        ChooseTowers(dataset_, SplitPerUser(dataset_, 0.1, 0.1), options, /*seed=*/1, pool_);
    EXPECT_TRUE(chosen.ok()) << chosen.status();
    return *std::move(chosen);
  }
  Dataset dataset_ = MakeSyntheticDataset();
  WorkerPool pool_{2};
};

TEST_F(TowerTrainerTest, ChoosesTheKindThatValidatesBetter) {
  TowerOptions options = Small();
  const ChosenTowers chosen = Choose(options);
  options.kind = TowerKind::kSequence;
  const double sequence = Choose(options).choice.validation_ndcg;
  options.kind = TowerKind::kBag;
  const double bag = Choose(options).choice.validation_ndcg;
  EXPECT_EQ(chosen.choice.validation_ndcg, std::max(sequence, bag));
  EXPECT_EQ(chosen.towers.shape.kind, chosen.choice.kind);
}

TEST_F(TowerTrainerTest, AFixedSplitWithoutTimesHasNoOrder) {
  dataset_.has_times = false;
  dataset_.parts.assign(dataset_.interactions.size(), DatasetPart::kTrain);
  EXPECT_EQ(Choose(Small()).choice.kind, TowerKind::kBag);
}

TEST_F(TowerTrainerTest, RefitTrainsWhatWasChosen) {
  for (TowerKind kind : {TowerKind::kSequence, TowerKind::kBag}) {
    TowerOptions options = Small();
    options.kind = kind;
    const ChosenTowers chosen = Choose(options);
    const auto again = RefitTowers(dataset_, SplitPerUser(dataset_, 0.1, 0.1), chosen, pool_);
    ASSERT_TRUE(again.ok()) << again.status();
    // On the same part, with the same seed: the same towers.
    EXPECT_EQ(again->item_embeddings, chosen.towers.item_embeddings);
  }
}

TEST_F(TowerTrainerTest, RefitWithoutTimeKeepsTheTowersThatWereChosen) {
  for (TowerKind kind : {TowerKind::kSequence, TowerKind::kBag}) {
    TowerOptions options = Small();
    options.kind = kind;
    // So that there is more than one batch, after which the clock is looked at.
    options.sequence.batch_size = options.bag.batch_size = 16;
    ChosenTowers chosen = Choose(options);
    const auto everything = WithoutHoldout(SplitPerUser(dataset_, 0.1, 0.1));
    const auto again = RefitTowers(dataset_, everything, chosen, pool_);
    chosen.choice.seconds_left = -1;
    const auto kept = RefitTowers(dataset_, everything, chosen, pool_);
    ASSERT_TRUE(again.ok() && kept.ok());
    EXPECT_EQ(kept->item_embeddings, chosen.towers.item_embeddings);
    EXPECT_NE(again->item_embeddings, chosen.towers.item_embeddings);
  }
}

TEST_F(TowerTrainerTest, SaysThatThereIsNoFolderForTemporaryFiles) {
  const char* before = ::getenv("TMPDIR");
  const std::string folder = before == nullptr ? "" : before;
  ::setenv("TMPDIR", "/no/such/folder", 1);
  const auto chosen =
      ChooseTowers(dataset_, SplitPerUser(dataset_, 0.1, 0.1), Small(), /*seed=*/1, pool_).status();
  before == nullptr ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", folder.c_str(), 1);
  EXPECT_EQ(chosen.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(chosen.message().find("TMPDIR"), chosen.message().npos);
}

TEST_F(TowerTrainerTest, WithoutTrainingExamplesTheTowersAreWhereTheyBegin) {
  auto sequences = SplitPerUser(dataset_, 0.1, 0.1);
  for (UserSequence& sequence : sequences) sequence.train_end = sequence.begin;
  for (TowerKind kind : {TowerKind::kSequence, TowerKind::kBag}) {
    TowerOptions options = Small();
    options.kind = kind;
    const auto chosen = ChooseTowers(dataset_, sequences, options, /*seed=*/1, pool_);
    ASSERT_TRUE(chosen.ok()) << chosen.status();
    EXPECT_TRUE(chosen->epochs.empty());
  }
}

TEST_F(TowerTrainerTest, WithoutValidationTheSequenceTowersTrainForFewEpochs) {
  TowerOptions options = Small();
  options.max_epochs = 0;
  const auto chosen = ChooseTowers(dataset_, WithoutHoldout(SplitPerUser(dataset_, 0.1, 0.1)),
                                   options, /*seed=*/1, pool_);
  ASSERT_TRUE(chosen.ok()) << chosen.status();
  EXPECT_EQ(chosen->epochs.size(), 8);
}

TEST_F(TowerTrainerTest, SaysWhatWasChosen) {
  TowerChoice choice{.validation_ndcg = 0.25};
  choice.sequence.user_id_dropout = 1;
  EXPECT_EQ(Describe(choice),
            "history in order, without users' own embeddings, 64 dimensions, temperature 0.07, 30 "
            "epochs: validation NDCG@20 0.2500");
  choice.kind = TowerKind::kBag;
  EXPECT_EQ(Describe(choice),
            "history without order, 64 dimensions, 2 hops, degree exponent 0.30, temperature 0.15, "
            "15 of 15 epochs: validation NDCG@20 0.2500");
}

TEST_F(TowerTrainerTest, LessTimeMeansFewerEpochs) {
  TowerOptions options = Small();
  options.kind = TowerKind::kBag;
  options.time_budget = 1e-4;
  EXPECT_LT(Choose(options).choice.bag.schedule_epochs, 6);
}

}  // namespace
}  // namespace shortlist
