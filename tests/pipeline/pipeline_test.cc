#include "pipeline/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/scripted_stages.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

// Both stages in this process, which do what a test says, with a deadline after 50 ms.
class PipelineTest : public testing::Test {
 protected:
  PipelineTest() {
    query_.user.user_id = "u5";
    for (const char* id : {"i1", "i5", "i9"}) query_.user.history.push_back({.item_id = id});
    query_.context.time_ms = 1'600'000'000'000;
  }
  PipelineParts Parts() {
    return {.candidates = &candidates_,
            .ranking = &ranking_,
            .rules = &rules_,
            .degradation = degradation_ ? &*degradation_ : nullptr};
  }
  absl::StatusOr<Answer> Run(Pipeline::Stages stages = {}) {
    return Pipeline(Parts()).Run(query_, SharedTestModels().bundle(),
                                 Budget(clock_, now_ + absl::Milliseconds(50)), stages);
  }
  // The stage says so after it has taken so long.
  void FailCandidates(const absl::Status& status, absl::Duration after = {}) {
    candidates_.script = [=, this](BoundQuery&, const Budget&) {
      now_ += after;
      return status;
    };
  }
  void FailRanking(const absl::Status& status, absl::Duration after = {}) {
    ranking_.script = [=, this](BoundQuery&, std::span<const Candidate>, bool, const Budget&) {
      now_ += after;
      return status;
    };
  }

  absl::Time now_ = absl::UnixEpoch();
  const Clock clock_ = [this] { return now_; };
  ScriptedCandidateStage candidates_;
  ScriptedRankingStage ranking_;
  const ConfiguredRules rules_;
  std::optional<Degradation> degradation_;
  Query query_;
};

const absl::Status kGone = absl::UnavailableError("ranking service at b:2: gone");

TEST_F(PipelineTest, TheBestScoredAreTheAnswerWithTheirProbabilities) {
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

TEST_F(PipelineTest, TimesTheStagesByTheClockOfTheBudget) {
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

TEST_F(PipelineTest, StopsAfterTheStageThatTookTooLong) {
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    now_ += absl::Milliseconds(50);
    return LocalCandidateStage().Generate(query, budget);
  };
  EXPECT_EQ(Run().status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(ranking_.calls, 0);
}

TEST_F(PipelineTest, GoesOnWithTheBundleThatTheCandidatesAreFrom) {
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

TEST_F(PipelineTest, RulesThatDoNotFitAreRefusedBeforeAnythingIsDone) {
  bool generated = false;
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    generated = true;
    return LocalCandidateStage().Generate(query, budget);
  };
  query_.rules.limits = {{.attribute = "colour"}};
  EXPECT_EQ(Run().status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(generated);
}

TEST_F(PipelineTest, RulesThatDoNotFitTheBundleOfTheCandidatesAreRefusedBeforeTheyAreRanked) {
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    BoundQuery elsewhere(query.query(), OtherTestModels().bundle());
    return LocalCandidateStage().Generate(elsewhere, budget);
  };
  query_.rules.value_function = ValueFunction{.liked_worth = 2};  // There is no head for it there.
  EXPECT_EQ(Run().status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ranking_.calls, 0);
}

TEST_F(PipelineTest, ExplainsTheItemsThatAreShown) {
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

TEST_F(PipelineTest, RanksGivenItemsAndNamesThoseThatTheBundleDoesNotHave) {
  query_.candidate_item_ids = {"i20", "nothing", "i21", "i1"};
  const Answer answer = Run().value();
  EXPECT_EQ(answer.candidates_ranked, 2u);
  ASSERT_EQ(answer.items.size(), 2u);
  EXPECT_EQ(answer.items[0].source, SourceId::kGiven);
  EXPECT_EQ(answer.unknown_item_ids, std::vector<std::string>{"nothing"});
}

TEST_F(PipelineTest, WithoutCandidatesNothingIsRanked) {
  query_.filter.all_of = {{.attribute = "genre", .any_value = {"Opera"}, .range = {}}};
  query_.rules.value_function = ValueFunction{.liked_worth = 2};
  const Answer answer = Run().value();
  EXPECT_TRUE(answer.items.empty());
  EXPECT_EQ(answer.candidates_ranked, 0u);
  EXPECT_EQ(ranking_.calls, 0);
}

TEST_F(PipelineTest, WithoutALadderAnErrorOfAStageIsThatOfTheAnswer) {
  FailRanking(kGone);
  EXPECT_EQ(Run().status(), kGone);
  FailCandidates(absl::UnavailableError("retrieval service at a:1: gone"));
  EXPECT_EQ(Run().status(), absl::UnavailableError("retrieval service at a:1: gone"));
}

TEST_F(PipelineTest, ARungThatIsAddedAnswersAsItsLineSays) {
  const Rung ladder[] = {{.id = 77, .effort = {.candidates = 0.1, .breadth = 0.5}}};
  query_.candidate_count = 100;
  query_.count = 5;
  double breadth = 0;
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    breadth = query.effort.breadth;
    return LocalCandidateStage().Generate(query, budget);
  };
  const Answer answer =
      Pipeline(Parts(), ladder)
          .Run(query_, SharedTestModels().bundle(), Budget(clock_, now_ + absl::Milliseconds(50)))
          .value();
  EXPECT_EQ(answer.rung, 77);
  EXPECT_EQ(answer.candidates_ranked, 10u);
  EXPECT_EQ(breadth, 0.5);
}

class LadderTest : public PipelineTest {
 protected:
  LadderTest() { degradation_.emplace(); }
};

TEST_F(LadderTest, WhileAllIsWellAnswersAreTheSameAsWithoutIt) {
  const Answer with = Run().value();
  degradation_.reset();
  const Answer without = Run().value();
  EXPECT_EQ(with.rung, kFullRung);
  ASSERT_EQ(with.items.size(), without.items.size());
  for (size_t i = 0; i < with.items.size(); ++i)
    EXPECT_EQ(with.items[i].item, without.items[i].item);
}

TEST_F(LadderTest, WithoutTheRankerTheOrderIsThatOfTheCandidatesThatAreThere) {
  FailRanking(kGone);
  int generated = 0;
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    ++generated;
    return LocalCandidateStage().Generate(query, budget);
  };
  const Answer answer = Run().value();
  EXPECT_EQ(answer.rung, kUnrankedRung);
  EXPECT_EQ(generated, 1);
  EXPECT_EQ(answer.candidates_ranked, 0u);
  ASSERT_EQ(answer.items.size(), 20u);
  BoundQuery bound(query_, SharedTestModels().bundle());
  const CandidateList list =
      LocalCandidateStage().Generate(bound, Budget(clock_, absl::InfiniteFuture())).value();
  for (size_t i = 0; i < answer.items.size(); ++i) {
    EXPECT_EQ(answer.items[i].item, list.candidates[i].item);
    EXPECT_EQ(answer.items[i].probability, 0);
    if (i > 0) {
      EXPECT_LT(answer.items[i].score, answer.items[i - 1].score);
    }
  }
}

TEST_F(LadderTest, WithoutStageOneTheRankerRanksWhatIsPopular) {
  FailCandidates(kGone);
  const Answer answer = Run().value();
  EXPECT_EQ(answer.rung, kRankedPopularRung);
  EXPECT_EQ(answer.items.size(), 20u);
  EXPECT_GT(answer.items[0].probability, 0);
  for (size_t i = 1; i < ranking_.last_candidates.size(); ++i)
    EXPECT_LE(ranking_.last_candidates[i].score, ranking_.last_candidates[i - 1].score);
}

TEST_F(LadderTest, WithoutBothTheAnswerIsWhatIsPopular) {
  FailCandidates(kGone);
  FailRanking(kGone);
  const Answer answer = Run().value();
  EXPECT_EQ(answer.rung, kPopularRung);
  const std::span<const uint32_t> counts = answer.bundle->catalog.interaction_counts();
  for (size_t i = 1; i < answer.items.size(); ++i)
    EXPECT_GE(counts[answer.items[i - 1].item], counts[answer.items[i].item]);
}

TEST_F(LadderTest, EachStageIsGivenItsPartOfTheTimeThatIsLeft) {
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    EXPECT_EQ(budget.deadline() - now_, absl::Milliseconds(27));
    now_ += absl::Milliseconds(5);
    return LocalCandidateStage().Generate(query, budget);
  };
  ranking_.script = [&](BoundQuery& query, std::span<const Candidate> candidates, bool liked,
                        const Budget& budget) {
    EXPECT_EQ(budget.deadline() - now_, absl::Milliseconds(40));
    return LocalRankingStage().Rank(query, candidates, liked, budget);
  };
  EXPECT_EQ(Run()->rung, kFullRung);
}

TEST_F(LadderTest, AStageThatIsLateIsLeftOut) {
  FailRanking(absl::DeadlineExceededError("late"), absl::Milliseconds(45));
  EXPECT_EQ(Run()->rung, kUnrankedRung);
  FailCandidates(absl::DeadlineExceededError("late"), absl::Milliseconds(27));
  ranking_.script = nullptr;
  EXPECT_EQ(Run()->rung, kRankedPopularRung);
}

TEST_F(LadderTest, AStageThatIsDownIsNotAskedUntilItIsTriedAgain) {
  FailRanking(kGone);
  for (int i = 0; i < StageHealth::kMostFailures; ++i) EXPECT_EQ(Run()->rung, kUnrankedRung);
  EXPECT_EQ(ranking_.calls, StageHealth::kMostFailures);
  ranking_.script = nullptr;
  EXPECT_EQ(Run()->rung, kUnrankedRung);
  EXPECT_EQ(ranking_.calls, StageHealth::kMostFailures);
  now_ += StageHealth::kTryInterval;
  EXPECT_EQ(Run()->rung, kFullRung);
  EXPECT_EQ(Run()->rung, kFullRung);
}

TEST_F(LadderTest, NarrowedEffortAsksForFewerCandidates) {
  query_.candidate_count = 100;
  query_.count = 5;
  while (degradation_->effort.narrowing() < 2) {
    degradation_->effort.OnRefusal(now_);
    now_ += absl::Milliseconds(1);
  }
  const Answer answer = Run().value();
  EXPECT_EQ(answer.rung, kLowerEffortRung);
  EXPECT_EQ(answer.candidates_ranked, 50u);
}

TEST_F(LadderTest, WhereThereIsNoTimeTheAnswerIsAListOfTraining) {
  const Answer answer = Pipeline(Parts())
                            .Run(query_, SharedTestModels().bundle(),
                                 Budget(clock_, {.begin = now_ - absl::Milliseconds(60),
                                                 .target = now_ - absl::Milliseconds(10),
                                                 .deadline = now_ + absl::Seconds(1)}))
                            .value();
  EXPECT_EQ(answer.rung, kPrecomputedRung);
  EXPECT_EQ(answer.items.size(), 20u);
  EXPECT_EQ(answer.items[0].source, SourceId::kPopular);
}

TEST_F(LadderTest, NobodyIsAnsweredWhoDoesNotWait) {
  FailRanking(absl::DeadlineExceededError("late"), absl::Milliseconds(50));
  EXPECT_EQ(Run().status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(LadderTest, ARequestThatIsWrongIsRefusedOnEveryRung) {
  FailCandidates(kGone);
  query_.filter.all_of = {{.attribute = "colour", .any_value = {"red"}, .range = {}}};
  EXPECT_EQ(Run().status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(LadderTest, WhatMustNotComeBackDoesNotOnAnyRung) {
  query_.excluded_item_ids = {"i20"};
  query_.filter.all_of = {{.attribute = "genre", .any_value = {"Comedy"}, .range = {}}};
  query_.rules.pins = {{.item_id = "i40", .place = 2}};
  for (const Pipeline::Stages stages :
       {Pipeline::Stages{true, true}, {true, false}, {false, true}, {false, false}}) {
    const Answer answer = Run(stages).value();
    ASSERT_GT(answer.items.size(), 10u);
    const Catalog& catalog = answer.bundle->catalog;
    EXPECT_EQ(catalog.id(answer.items[2].item), "i40") << answer.rung;
    for (const AnswerItem& item : answer.items) {
      EXPECT_NE(catalog.id(item.item), "i20") << answer.rung;
      EXPECT_EQ(item.item % 4, 0u) << answer.rung << ": i0, i4 ... are comedies";
      for (const Interaction& seen : query_.user.history)
        EXPECT_NE(catalog.id(item.item), seen.item_id) << answer.rung;
    }
  }
}

TEST_F(LadderTest, AnExplanationThatCannotBeHadCostsTheRanking) {
  query_.explain = true;
  ranking_.explain_status = kGone;
  const Answer answer = Run().value();
  EXPECT_EQ(answer.rung, kUnrankedRung);
  EXPECT_EQ(answer.items.size(), 20u);
}

}  // namespace
}  // namespace shortlist
