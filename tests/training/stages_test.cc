#include "training/stages.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "pipeline/local_pipeline.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bundle.h"

namespace shortlist {
namespace {

class StagesTest : public testing::Test {
 protected:
  const Dataset dataset_ = MakeSyntheticDataset();
  const std::vector<UserSequence> sequences_ = SplitPerUser(dataset_, 0.1, 0.1);
  const StagesOptions options_ = QuickTrainingOptions().stages;
  const TemporaryFolder folder_;
  WorkerPool pool_{1};
};

TEST_F(StagesTest, RetrievalIsUsedAsSoonAsItIsTrainedAndRankedOnceTheRankerIs) {
  TrainedStages stages =
      TrainRetrieval(dataset_, sequences_, options_, folder_.path(), pool_).value();
  const LocalPipeline pipeline;
  Query query;
  query.user.history = {{.item_id = "i2"}, {.item_id = "i6"}};
  query.candidate_count = 30;
  BoundQuery bound(query, Borrow(*stages.bundle));
  EXPECT_EQ(pipeline.Generate(bound)->size(), 30u);
  EXPECT_FALSE(stages.bundle->ranker);
  ASSERT_TRUE(AddRanker(dataset_, sequences_, options_, pool_, stages).ok());
  EXPECT_EQ(pipeline.Run(bound)->items.size(), 20u);
}

TEST_F(StagesTest, ARefitKnowsTheItemsOfItsOwnSequencesAndKeepsTheRanker) {
  TrainedStages stages =
      TrainRetrieval(dataset_, sequences_, options_, folder_.path(), pool_).value();
  ASSERT_TRUE(AddRanker(dataset_, sequences_, options_, pool_, stages).ok());
  const std::filesystem::path again = folder_ / "again";
  std::filesystem::create_directory(again);
  ASSERT_TRUE(
      RefitRetrieval(dataset_, WithoutHoldout(sequences_), options_, stages.towers, again, pool_)
          .ok());
  const std::unique_ptr<Bundle> refitted = LoadStages(again, stages).value();
  EXPECT_EQ(refitted->ranker->weights().weights, stages.bundle->ranker->weights().weights);
  // Held-out interactions count now.
  EXPECT_GT(refitted->statistics.total, stages.bundle->statistics.total);
  EXPECT_EQ(refitted->statistics.total, dataset_.interactions.size());
}

}  // namespace
}  // namespace shortlist
