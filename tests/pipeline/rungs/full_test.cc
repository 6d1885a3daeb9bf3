#include "pipeline/rungs/full.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/support/scripted_stages.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

class FullRungTest : public testing::Test {
 protected:
  FullRungTest() {
    query_.user.user_id = "u5";
    for (const char* id : {"i1", "i5", "i9"}) query_.user.history.push_back({.item_id = id});
    query_.context.time_ms = 1'600'000'000'000;
  }
  absl::StatusOr<Answer> Run() {
    BoundQuery bound(query_, SharedTestModels().bundle());
    return AnswerInFull({.candidates = &candidates_, .ranking = &ranking_, .rules = &rules_}, bound,
                        Budget(clock_, absl::UnixEpoch() + absl::Milliseconds(50)));
  }

  absl::Time now_ = absl::UnixEpoch();
  const Clock clock_ = [this] { return now_; };
  ScriptedCandidateStage candidates_;
  ScriptedRankingStage ranking_;
  const ConfiguredRules rules_;
  Query query_;
};

TEST_F(FullRungTest, TheBestScoredAreTheAnswerWithTheirProbabilities) {
  const Answer answer = Run().value();
  ASSERT_EQ(answer.items.size(), 20u);
  EXPECT_EQ(answer.candidates_ranked, 117u);
  EXPECT_EQ(answer.bundle, SharedTestModels().bundle());
  for (size_t i = 0; i < answer.items.size(); ++i) {
    if (i > 0) {
      EXPECT_LE(answer.items[i].score, answer.items[i - 1].score);
    }
    EXPECT_EQ(answer.items[i].probability,
              answer.bundle->ranker->Probability(answer.items[i].score));
    EXPECT_TRUE(answer.items[i].explanation.contributions.empty());
  }
}

TEST_F(FullRungTest, TimesTheStagesByTheClockOfTheBudget) {
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    now_ += absl::Milliseconds(7);
    return LocalCandidateStage().Generate(query, budget);
  };
  ranking_.script = [&](BoundQuery& query, std::span<const Candidate> candidates, bool liked,
                        const Budget& budget) {
    now_ += absl::Milliseconds(3);
    return LocalRankingStage().Rank(query, candidates, liked, budget);
  };
  const Answer answer = Run().value();
  EXPECT_EQ(answer.candidates_time, absl::Milliseconds(7));
  EXPECT_EQ(answer.ranking_time, absl::Milliseconds(3));
  EXPECT_FALSE(answer.re_ranked);
}

TEST_F(FullRungTest, StopsAfterTheStageThatTookTooLong) {
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    now_ += absl::Milliseconds(50);
    return LocalCandidateStage().Generate(query, budget);
  };
  EXPECT_EQ(Run().status(),
            absl::DeadlineExceededError("the deadline passed after generating candidates"));
  EXPECT_EQ(ranking_.calls, 0);
}

TEST_F(FullRungTest, GoesOnWithTheBundleThatTheCandidatesAreFrom) {
  const std::shared_ptr<const Bundle> other = OtherTestModels().bundle();
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    BoundQuery elsewhere(query.query(), other);
    return LocalCandidateStage().Generate(elsewhere, budget);
  };
  ranking_.script = [&](BoundQuery& query, std::span<const Candidate> candidates, bool liked,
                        const Budget& budget) {
    EXPECT_EQ(query.shared_bundle(), other);
    return LocalRankingStage().Rank(query, candidates, liked, budget);
  };
  EXPECT_EQ(Run()->bundle, other);
}

TEST_F(FullRungTest, RulesThatDoNotFitAreRefusedBeforeAnythingIsDone) {
  bool generated = false;
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    generated = true;
    return LocalCandidateStage().Generate(query, budget);
  };
  query_.rules.limits = {{.attribute = "colour"}};
  EXPECT_EQ(Run().status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(generated);
}

TEST_F(FullRungTest, RulesThatDoNotFitTheBundleOfTheCandidatesAreRefusedBeforeTheyAreRanked) {
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    BoundQuery elsewhere(query.query(), OtherTestModels().bundle());
    return LocalCandidateStage().Generate(elsewhere, budget);
  };
  query_.rules.value_function = ValueFunction{.liked_worth = 2};  // There is no head for it there.
  EXPECT_EQ(Run().status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ranking_.calls, 0);
}

TEST_F(FullRungTest, ExplainsTheItemsThatAreShown) {
  query_.explain = true;
  query_.rules.diversity = 0.9F;
  const Answer answer = Run().value();
  EXPECT_TRUE(answer.re_ranked);
  for (const AnswerItem& item : answer.items) {
    double sum = 0;
    for (const FeatureContribution& part : item.explanation.contributions) sum += part.contribution;
    EXPECT_FALSE(item.explanation.contributions.empty());
    EXPECT_EQ(static_cast<float>(sum), item.score);
  }
}

TEST_F(FullRungTest, RanksGivenItemsAndNamesThoseThatTheBundleDoesNotHave) {
  query_.candidate_item_ids = {"i20", "nothing", "i21", "i1"};
  const Answer answer = Run().value();
  EXPECT_EQ(answer.candidates_ranked, 2u);
  ASSERT_EQ(answer.items.size(), 2u);
  EXPECT_EQ(answer.items[0].source, SourceId::kGiven);
  EXPECT_EQ(answer.unknown_item_ids, std::vector<std::string>{"nothing"});
}

TEST_F(FullRungTest, WithoutCandidatesNothingIsRanked) {
  query_.filter.all_of = {{.attribute = "genre", .any_value = {"Opera"}, .range = {}}};
  query_.rules.value_function = ValueFunction{.liked_worth = 2};
  const Answer answer = Run().value();
  EXPECT_TRUE(answer.items.empty());
  EXPECT_EQ(answer.candidates_ranked, 0u);
  EXPECT_EQ(ranking_.calls, 0);
}

}  // namespace
}  // namespace shortlist
