#include "serving/services/ranking_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/support/local_service.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

// A request over the candidates of a user.
class RankingServiceTest : public testing::Test {
 protected:
  RankingServiceTest() {
    v1::GenerateCandidatesRequest generate;
    generate.mutable_user()->set_user_id("u5");
    for (const char* id : {"i1", "i5", "i9"})
      generate.mutable_user()->add_history()->set_item_id(id);
    generate.mutable_context()->set_time_ms(1'600'000'000'000);
    v1::GenerateCandidatesResponse candidates;
    EXPECT_TRUE(services_.candidate_service
                    .Answer(generate, Budget(services_.clock, absl::InfiniteFuture()), candidates)
                    .ok());
    *request_.mutable_user() = generate.user();
    *request_.mutable_context() = generate.context();
    request_.set_bundle_id(candidates.bundle_id());
    *request_.mutable_item_rows() = candidates.item_rows();
    *request_.mutable_scores() = candidates.scores();
    *request_.mutable_sources() = candidates.sources();
  }
  absl::Status Try(v1::RankResponse& response) {
    return services_.ranking_service.Answer(
        request_, Budget(services_.clock, absl::InfiniteFuture()), response);
  }
  v1::RankResponse Answer() {
    v1::RankResponse response;
    const absl::Status status = Try(response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  const Bundle& bundle_ = *SharedTestModels().bundle();
  LocalStageServices services_{SharedTestModels().bundle()};
  v1::RankRequest request_;
};

TEST_F(RankingServiceTest, ScoresEveryCandidateInItsOrderWithItsProbability) {
  const v1::RankResponse response = Answer();
  ASSERT_EQ(response.scores_size(), request_.item_rows_size());
  ASSERT_EQ(response.probabilities_size(), request_.item_rows_size());
  EXPECT_EQ(response.explanations_size(), 0);
  EXPECT_EQ(response.liked_scores_size(), 0);
  for (int i = 0; i < response.scores_size(); ++i)
    EXPECT_EQ(response.probabilities(i), bundle_.ranker->Probability(response.scores(i)));
}

TEST_F(RankingServiceTest, ExplainsTheBestByPartsThatSumToTheScore) {
  request_.set_explain_count(5);
  const v1::RankResponse response = Answer();
  ASSERT_EQ(response.explanations_size(), 5);
  float previous = INFINITY;
  for (const v1::Explanation& explanation : response.explanations()) {
    const float score = response.scores(static_cast<int>(explanation.candidate()));
    EXPECT_LE(score, previous);
    previous = score;
    double sum = 0;
    for (const v1::Contribution& part : explanation.contributions()) sum += part.contribution();
    EXPECT_EQ(static_cast<float>(sum), score);
  }
}

TEST_F(RankingServiceTest, ExplainsCandidatesThatHaveTheirScoresAlreadyWithoutScoringAny) {
  request_.set_explain_count(5);
  request_.set_score_liked(true);
  const v1::RankResponse scored = Answer();
  for (const v1::Explanation& explanation : scored.explanations()) {
    const int candidate = static_cast<int>(explanation.candidate());
    request_.add_explain_candidates(explanation.candidate());
    request_.add_explain_scores(scored.scores(candidate));
    request_.add_explain_liked_scores(scored.liked_scores(candidate));
  }
  const v1::RankResponse explained = Answer();
  EXPECT_EQ(explained.scores_size(), 0);
  EXPECT_EQ(explained.liked_scores_size(), 0);
  ASSERT_EQ(explained.explanations_size(), 5);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(explained.explanations(i).SerializeAsString(),
              scored.explanations(i).SerializeAsString());
}

TEST_F(RankingServiceTest, ScoresLikingOnlyWhenAsked) {
  request_.set_score_liked(true);
  const v1::RankResponse response = Answer();
  ASSERT_EQ(response.liked_scores_size(), request_.item_rows_size());
  for (int i = 0; i < response.liked_scores_size(); ++i)
    EXPECT_EQ(response.liked_probabilities(i),
              bundle_.liked_head->Probability(response.liked_scores(i)));
}

TEST_F(RankingServiceTest, RefusesABundleThatIsNotLoadedAndRowsItDoesNotHave) {
  v1::RankResponse response;
  request_.set_item_rows(3, 120);
  EXPECT_EQ(Try(response),
            absl::InvalidArgumentError("item_rows[3]: 120 is beyond the bundle's 120 items"));
  request_.set_bundle_id("another");
  EXPECT_EQ(Try(response),
            absl::FailedPreconditionError("bundle_id: bundle another is not loaded here"));
  request_.set_bundle_id("");
  EXPECT_EQ(Try(response), absl::InvalidArgumentError("bundle_id: is empty"));
}

}  // namespace
}  // namespace shortlist
