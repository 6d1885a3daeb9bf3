// What the recommender does when stages do not answer, or do not have the bundle.

#include <gtest/gtest.h>

#include "serving/remote/remote_call.h"
#include "tests/support/recommender_fixture.h"

namespace shortlist {
namespace {

class RecommenderDegradationTest : public RecommenderTest {
 protected:
  RecommenderDegradationTest() { degradation_.emplace(); }
};

TEST_F(RecommenderDegradationTest, SaysWhichRungMadeTheAnswer) {
  EXPECT_EQ(Recommend().rung(), v1::RUNG_FULL);
  ranking_.script = [](auto&&...) { return absl::UnavailableError("gone"); };
  const v1::RecommendResponse response = Recommend();
  EXPECT_EQ(response.rung(), v1::RUNG_UNRANKED);
  EXPECT_EQ(response.candidates_ranked(), 0);
  EXPECT_EQ(response.items(0).probability(), 0);
  EXPECT_FALSE(response.next_page_token().empty());
}

TEST_F(RecommenderDegradationTest, WithoutABundleInCommonItAnswersWithoutTheStages) {
  absl::Status lacks = absl::FailedPreconditionError("bundle_id: not loaded");
  MarkAsLackOfBundle(lacks);
  candidates_.script = [=](auto&&...) { return lacks; };
  EXPECT_EQ(Recommend().rung(), v1::RUNG_POPULAR);
  degradation_.reset();
  EXPECT_EQ(ErrorOfRecommend(), lacks);
}

TEST_F(RecommenderDegradationTest, RequestsThatTakeLongNarrowTheEffortOfLaterOnes) {
  const Recommender recommender = MakeRecommender();
  v1::RecommendResponse response;
  while (response.rung() < v1::RUNG_FEWER_CANDIDATES) {
    response.Clear();
    // It waited for its turn.
    const absl::Time arrival = now_ - absl::Milliseconds(20);
    const absl::Time target = arrival + absl::Milliseconds(50);
    const Budget budget(clock_, {.begin = arrival, .target = target, .deadline = target});
    ASSERT_TRUE(recommender.Recommend(request_, budget, response).ok());
    now_ += absl::Milliseconds(1);
    ASSERT_LT(now_ - kNow, absl::Seconds(10));
  }
  EXPECT_EQ(response.rung(), v1::RUNG_FEWER_CANDIDATES);
}

}  // namespace
}  // namespace shortlist
