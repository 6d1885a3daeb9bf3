#include "evaluation/recommenders.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/user_sequences.h"
#include "learning/baselines/item_knn_model.h"
#include "pipeline/local_pipeline.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TEST(FromScores, AnItemThatTheUserHasTwiceCountsOnce) {
  // Items 0 and 1 are alike 2, 3; the user has item 0 twice.
  const ItemKnnModel model(
      {.neighbours = 1, .items = {2, 3, kNoItem, kNoItem}, .scores = {0.5F, 0.75F, 0, 0}});
  const TestCase test{.user = {.history = {{0, 0, 0}, {0, 0, 0}, {1, 0, 0}}}};
  EXPECT_THAT(FromScores(model, 4)(test, ItemFilter(), 2), ElementsAre(3, 2));
}

class RecommendersTest : public ::testing::Test {
 protected:
  RecommendersTest() {
    const Dataset& dataset = SharedTestModels().dataset();
    cases_ = MakeTestCases(dataset, SplitPerUser(dataset, 0.1, 0.1), {.max_users = 20});
  }
  static ItemFilter FilterOf(const TestCase& test) {
    ItemFilter filter;
    filter.Exclude(test.had);
    return filter;
  }

  const Bundle& bundle_ = *SharedTestModels().bundle();
  std::vector<TestCase> cases_;
};

TEST_F(RecommendersTest, ExactRetrievalGoesByTheCosineOfTheTwoTowers) {
  for (const TestCase& test : cases_) {
    const ItemFilter filter = FilterOf(test);
    const std::vector<float> user = bundle_.towers.UserVector(test.user, test.context);
    auto score = [&](ItemRow item) {
      double sum = 0;
      for (size_t d = 0; d < user.size(); ++d)
        sum += double{user[d]} * bundle_.towers.item_embedding(item)[d];
      return sum;
    };
    const std::vector<ItemRow> rows = ExactRetrieval(bundle_)(test, filter, 10);
    ASSERT_EQ(rows.size(), 10u);
    for (size_t i = 1; i < rows.size(); ++i) EXPECT_GE(score(rows[i - 1]), score(rows[i]) - 1e-6);
    size_t better = 0;
    for (ItemRow item = 0; item < bundle_.catalog.item_count(); ++item)
      better += filter.Passes(item) && score(item) > score(rows.back()) + 1e-6;
    EXPECT_LE(better, 9u);
    // Of so few items the index misses none.
    EXPECT_EQ(IndexedRetrieval(bundle_)(test, filter, 10), rows);
  }
}

TEST_F(RecommendersTest, BothStagesAreThePipelineAndStageOneItsCandidates) {
  const TestCase& test = cases_.front();
  const ItemFilter filter = FilterOf(test);
  const LocalPipeline pipeline;
  const Query query{.count = 10, .candidate_count = 40};
  BoundQuery bound(query, Borrow(bundle_), test.user, test.context, filter);
  std::vector<ItemRow> candidates, answered;
  const std::vector<Candidate> generated = pipeline.Generate(bound).value();
  for (const Candidate& candidate : generated) candidates.push_back(candidate.item);
  const Answer answer = pipeline.Run(bound).value();
  for (const AnswerItem& item : answer.items) answered.push_back(item.item);
  EXPECT_EQ(BothStages(bundle_, 40)(test, filter, 10), answered);
  const std::vector<ItemRow> stage_one = StageOne(bundle_, 40)(test, filter, 10);
  EXPECT_THAT(stage_one, ::testing::ElementsAreArray(candidates.begin(), candidates.begin() + 10));
  EXPECT_NE(stage_one, answered);
}

}  // namespace
}  // namespace shortlist
