#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "serving/local_candidate_stage.h"
#include "serving/local_ranking_stage.h"
#include "serving/requests/user_resolver.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

StageCall TestCall() {
  return {.bundle = SharedTestModels().bundle(), .deadline = absl::InfiniteFuture()};
}

v1::GenerateCandidatesResponse Generate(const v1::GenerateCandidatesRequest& request) {
  v1::GenerateCandidatesResponse response;
  const absl::Status status = LocalCandidateStage().Generate(request, TestCall(), response);
  EXPECT_TRUE(status.ok()) << status;
  return response;
}

v1::GenerateCandidatesRequest RequestOfAUser() {
  v1::GenerateCandidatesRequest request;
  request.mutable_user()->set_user_id("u5");
  for (const char* id : {"i1", "i5", "i9"}) request.mutable_user()->add_history()->set_item_id(id);
  request.mutable_context()->set_time_ms(1'600'000'000'000);
  return request;
}

v1::RankRequest RankingOf(const v1::GenerateCandidatesRequest& request) {
  v1::GenerateCandidatesResponse candidates = Generate(request);
  v1::RankRequest rank;
  *rank.mutable_user() = request.user();
  *rank.mutable_context() = request.context();
  rank.set_bundle_id(candidates.bundle_id());
  *rank.mutable_item_rows() = candidates.item_rows();
  *rank.mutable_scores() = candidates.scores();
  *rank.mutable_sources() = candidates.sources();
  return rank;
}

TEST(LocalCandidateStage, AnswersInParallelListsWithTheBundleTheyBelongTo) {
  v1::GenerateCandidatesRequest request = RequestOfAUser();
  request.set_count(30);
  const v1::GenerateCandidatesResponse response = Generate(request);
  EXPECT_EQ(response.bundle_id(), SharedTestModels().bundle()->id);
  ASSERT_EQ(response.item_rows_size(), 30);
  EXPECT_EQ(response.scores_size(), 30);
  EXPECT_EQ(response.sources_size(), 30);
  EXPECT_EQ(response.item_ids_size(), 0);
  const std::set<ItemRow> distinct(response.item_rows().begin(), response.item_rows().end());
  EXPECT_EQ(distinct.size(), 30u);
  for (int source : response.sources()) {
    EXPECT_TRUE(v1::SourceId_IsValid(source));
    EXPECT_NE(source, v1::CANDIDATE_SOURCE_UNSPECIFIED);
  }
}

TEST(LocalCandidateStage, GivesTheIdsOfTheRowsIfAsked) {
  v1::GenerateCandidatesRequest request = RequestOfAUser();
  request.set_include_item_ids(true);
  const v1::GenerateCandidatesResponse response = Generate(request);
  ASSERT_EQ(response.item_ids_size(), response.item_rows_size());
  for (int i = 0; i < response.item_ids_size(); ++i)
    EXPECT_EQ(SharedTestModels().bundle()->catalog.FindItem(response.item_ids(i)),
              response.item_rows(i));
}

TEST(LocalCandidateStage, LeavesOutSeenAndExcludedItems) {
  v1::GenerateCandidatesRequest request = RequestOfAUser();
  request.add_exclude_item_ids("i20");
  request.add_exclude_item_ids("nothing");
  request.set_count(5000);
  request.set_include_item_ids(true);
  v1::GenerateCandidatesResponse response = Generate(request);
  EXPECT_EQ(response.item_ids_size(), 116);
  const std::set<std::string> ids(response.item_ids().begin(), response.item_ids().end());
  for (const char* id : {"i1", "i5", "i9", "i20"}) EXPECT_FALSE(ids.contains(id)) << id;

  request.set_include_seen(true);
  EXPECT_EQ(Generate(request).item_ids_size(), 119);
}

TEST(LocalCandidateStage, NamesTheFieldOfAFilterThatDoesNotFit) {
  v1::GenerateCandidatesRequest request;
  request.mutable_filter()->add_all_of()->set_attribute("colour");
  v1::GenerateCandidatesResponse response;
  const absl::Status status = LocalCandidateStage().Generate(request, TestCall(), response);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message().substr(0, 27), "filter.all_of[0].attribute:");
}

TEST(LocalRankingStage, ScoresEveryCandidateInItsOrder) {
  const v1::RankRequest request = RankingOf(RequestOfAUser());
  v1::RankResponse response;
  ASSERT_TRUE(LocalRankingStage().Rank(request, TestCall(), response).ok());
  ASSERT_EQ(response.scores_size(), request.item_rows_size());
  ASSERT_EQ(response.probabilities_size(), request.item_rows_size());
  EXPECT_EQ(response.explanations_size(), 0);
  const Bundle& bundle = *SharedTestModels().bundle();
  for (int i = 0; i < response.scores_size(); ++i)
    EXPECT_EQ(response.probabilities(i), bundle.ranker->Probability(response.scores(i)));

  std::vector<float> scores(static_cast<size_t>(request.item_rows_size()));
  bundle.ranker->Score(ResolveUser(request.user(), bundle),
                       ResolveContext(request.context(), bundle), CandidatesOf(request), scores);
  EXPECT_THAT(response.scores(), testing::ElementsAreArray(scores));
}

TEST(LocalRankingStage, ExplainsTheBestByPartsThatSumToTheScore) {
  v1::RankRequest request = RankingOf(RequestOfAUser());
  request.set_explain_count(5);
  v1::RankResponse response;
  ASSERT_TRUE(LocalRankingStage().Rank(request, TestCall(), response).ok());
  ASSERT_EQ(response.explanations_size(), 5);
  float previous = INFINITY;
  for (const v1::Explanation& explanation : response.explanations()) {
    const float score = response.scores(static_cast<int>(explanation.candidate()));
    EXPECT_LE(score, previous);
    previous = score;
    double sum = 0;
    for (const v1::Contribution& contribution : explanation.contributions())
      sum += contribution.contribution();
    EXPECT_EQ(static_cast<float>(sum), score);
  }
}

TEST(LocalRankingStage, ExplainsCandidatesThatHaveTheirScoresAlreadyWithoutScoringAny) {
  v1::RankRequest request = RankingOf(RequestOfAUser());
  request.set_explain_count(5);
  v1::RankResponse scored;
  ASSERT_TRUE(LocalRankingStage().Rank(request, TestCall(), scored).ok());
  for (const v1::Explanation& explanation : scored.explanations()) {
    request.add_explain_candidates(explanation.candidate());
    request.add_explain_scores(scored.scores(static_cast<int>(explanation.candidate())));
  }
  v1::RankResponse explained;
  ASSERT_TRUE(LocalRankingStage().Rank(request, TestCall(), explained).ok());
  EXPECT_EQ(explained.scores_size(), 0);
  scored.clear_scores();
  scored.clear_probabilities();
  EXPECT_EQ(explained.SerializeAsString(), scored.SerializeAsString());
}

TEST(LocalRankingStage, ScoresLikingOnlyWhenAsked) {
  v1::RankRequest request = RankingOf(RequestOfAUser());
  v1::RankResponse without, with;
  ASSERT_TRUE(LocalRankingStage().Rank(request, TestCall(), without).ok());
  EXPECT_EQ(without.liked_scores_size(), 0);
  EXPECT_EQ(without.liked_probabilities_size(), 0);
  request.set_score_liked(true);
  ASSERT_TRUE(LocalRankingStage().Rank(request, TestCall(), with).ok());
  EXPECT_THAT(with.scores(), testing::ElementsAreArray(without.scores()));

  const LogisticRanker& head = *SharedTestModels().bundle()->liked_head;
  const Bundle& bundle = *SharedTestModels().bundle();
  std::vector<float> scores(static_cast<size_t>(request.item_rows_size()));
  head.Score(ResolveUser(request.user(), bundle), ResolveContext(request.context(), bundle),
             CandidatesOf(request), scores);
  EXPECT_THAT(with.liked_scores(), testing::ElementsAreArray(scores));
  ASSERT_EQ(with.liked_probabilities_size(), request.item_rows_size());
  for (int i = 0; i < with.liked_scores_size(); ++i)
    EXPECT_EQ(with.liked_probabilities(i), head.Probability(with.liked_scores(i)));
}

TEST(LocalRankingStage, ExplainsBothHeadsByPartsThatSumToTheirScores) {
  v1::RankRequest request = RankingOf(RequestOfAUser());
  request.set_explain_count(5);
  request.set_score_liked(true);
  v1::RankResponse scored;
  ASSERT_TRUE(LocalRankingStage().Rank(request, TestCall(), scored).ok());
  ASSERT_EQ(scored.explanations_size(), 5);
  for (const v1::Explanation& explanation : scored.explanations()) {
    double sum = 0;
    for (const v1::Contribution& contribution : explanation.liked_contributions()) {
      sum += contribution.contribution();
      if (contribution.feature() == "bias") {  // Takes what the others leave over: very little.
        EXPECT_NEAR(contribution.contribution(),
                    SharedTestModels().bundle()->liked_head->weights().bias, 1e-4);
      }
    }
    const float score = scored.liked_scores(static_cast<int>(explanation.candidate()));
    EXPECT_EQ(static_cast<float>(sum), score);
    request.add_explain_candidates(explanation.candidate());
    request.add_explain_scores(scored.scores(static_cast<int>(explanation.candidate())));
    request.add_explain_liked_scores(score);
  }
  v1::RankResponse explained;
  ASSERT_TRUE(LocalRankingStage().Rank(request, TestCall(), explained).ok());
  EXPECT_EQ(explained.liked_scores_size(), 0);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(explained.explanations(i).SerializeAsString(),
              scored.explanations(i).SerializeAsString());
}

TEST(LocalRankingStage, RefusesToScoreLikingWithoutTheHead) {
  v1::RankRequest request = RankingOf(RequestOfAUser());
  request.set_score_liked(true);
  v1::RankResponse response;
  const absl::Status status = LocalRankingStage().Rank(
      request, {.bundle = OtherTestModels().bundle(), .deadline = absl::InfiniteFuture()},
      response);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("no head for liked items"));
}

TEST(LocalRankingStage, RefusesARowBeyondTheCatalog) {
  v1::RankRequest request = RankingOf(RequestOfAUser());
  request.set_item_rows(3, 120);
  v1::RankResponse response;
  EXPECT_EQ(LocalRankingStage().Rank(request, TestCall(), response),
            absl::InvalidArgumentError("item_rows[3]: 120 is beyond the bundle's 120 items"));
}

}  // namespace
}  // namespace shortlist
