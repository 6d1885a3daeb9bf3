#include "pipeline/local_ranking_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "pipeline/local_candidate_stage.h"
#include "tests/support/test_models.h"
#include "tests/support/unlimited_budget.h"

namespace shortlist {
namespace {

// A request of a user, and its candidates.
class LocalRankingStageTest : public testing::Test {
 protected:
  LocalRankingStageTest() {
    query_.user.user_id = "u5";
    for (const char* id : {"i1", "i5", "i9"}) query_.user.history.push_back({.item_id = id});
    query_.context.time_ms = 1'600'000'000'000;
    candidates_ = LocalCandidateStage().Generate(bound_, UnlimitedBudget())->candidates;
  }
  Scores Rank(bool liked) {
    auto scores = LocalRankingStage().Rank(bound_, candidates_, liked, UnlimitedBudget());
    EXPECT_TRUE(scores.ok()) << scores.status();
    return *std::move(scores);
  }
  static double SumOf(const std::vector<FeatureContribution>& contributions) {
    double sum = 0;
    for (const FeatureContribution& part : contributions) sum += part.contribution;
    return sum;
  }

  const Bundle& bundle_ = *SharedTestModels().bundle();
  Query query_;
  BoundQuery bound_{query_, SharedTestModels().bundle()};
  std::vector<Candidate> candidates_;
};

TEST_F(LocalRankingStageTest, ScoresEveryCandidateInItsOrder) {
  std::vector<float> expected(candidates_.size());
  bundle_.ranker->Score(bound_.user(), bound_.context(), candidates_, expected);
  const Scores scores = Rank(/*liked=*/false);
  EXPECT_EQ(scores.ranker, expected);
  EXPECT_TRUE(scores.liked.empty());
}

TEST_F(LocalRankingStageTest, ScoresLikingOnlyWhenAsked) {
  std::vector<float> expected(candidates_.size());
  bundle_.liked_head->Score(bound_.user(), bound_.context(), candidates_, expected);
  const Scores scores = Rank(/*liked=*/true);
  EXPECT_EQ(scores.ranker, Rank(/*liked=*/false).ranker);
  EXPECT_EQ(scores.liked, expected);
}

TEST_F(LocalRankingStageTest, ExplainsBothHeadsByPartsThatSumToTheirScores) {
  const Scores scores = Rank(/*liked=*/true);
  const std::vector<CandidateToExplain> wanted = {
      {.position = 7, .score = scores.ranker[7], .liked_score = scores.liked[7]},
      {.position = 2, .score = scores.ranker[2], .liked_score = {}}};
  const std::vector<Explanation> explanations =
      *LocalRankingStage().Explain(bound_, candidates_, wanted, UnlimitedBudget());
  ASSERT_EQ(explanations.size(), 2u);
  EXPECT_EQ(static_cast<float>(SumOf(explanations[0].contributions)), scores.ranker[7]);
  EXPECT_EQ(static_cast<float>(SumOf(explanations[0].liked_contributions)), scores.liked[7]);
  EXPECT_EQ(static_cast<float>(SumOf(explanations[1].contributions)), scores.ranker[2]);
  EXPECT_TRUE(explanations[1].liked_contributions.empty());
  for (const FeatureContribution& part : explanations[0].liked_contributions) {
    if (part.feature == "bias") {  // Takes what the others leave over: very little.
      EXPECT_NEAR(part.contribution, bundle_.liked_head->weights().bias, 1e-4);
    }
  }
}

TEST_F(LocalRankingStageTest, RefusesToScoreLikingWithoutTheHead) {
  BoundQuery bound(query_, OtherTestModels().bundle());
  const absl::Status status =
      LocalRankingStage().Rank(bound, candidates_, /*liked=*/true, UnlimitedBudget()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("no head for liked items"));
}

class CountingObserver : public RankingObserver {
 public:
  void OnRank(const BoundQuery& query, std::span<const Candidate> candidates) override {
    user_ids.push_back(query.query().user.user_id);
    counts.push_back(candidates.size());
  }
  std::vector<std::string> user_ids;
  std::vector<size_t> counts;
};

TEST_F(LocalRankingStageTest, ShowsItsObserverWhatIsScoredAndNotWhatIsExplained) {
  CountingObserver observer;
  const LocalRankingStage stage(&observer);
  ASSERT_TRUE(stage.Rank(bound_, candidates_, /*liked=*/false, UnlimitedBudget()).ok());
  ASSERT_TRUE(stage.Explain(bound_, candidates_, {}, UnlimitedBudget()).ok());
  EXPECT_THAT(observer.user_ids, testing::ElementsAre("u5"));
  EXPECT_THAT(observer.counts, testing::ElementsAre(candidates_.size()));
}

}  // namespace
}  // namespace shortlist
