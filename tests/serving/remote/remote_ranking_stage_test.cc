#include "serving/remote/remote_ranking_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "serving/remote/remote_call.h"
#include "tests/support/local_service.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

class RemoteRankingStageTest : public testing::Test {
 protected:
  RemoteRankingStageTest() {
    query_.user.user_id = "u5";
    query_.user.history = {{.item_id = "i1"}, {.item_id = "i5"}};
    query_.context.time_ms = 1'600'000'000'000;
    candidates_ = LocalCandidateStage().Generate(bound_, budget_)->candidates;
  }
  ~RemoteRankingStageTest() override { server_->Shutdown(absl::Seconds(5)); }

  LocalStageServices there_{SharedTestModels().bundle()};
  const std::unique_ptr<GrpcServer> server_ = there_.Serve();
  const RemoteRankingStage stage_{ConnectTo(server_->address(), v1::Ranking::service_full_name()),
                                  server_->address()};
  const Clock clock_ = absl::Now;
  const Budget budget_{clock_, absl::Now() + absl::Seconds(30)};
  Query query_;
  BoundQuery bound_{query_, SharedTestModels().bundle()};
  std::vector<Candidate> candidates_;
};

TEST_F(RemoteRankingStageTest, GivesWhatTheStageThereGives) {
  const Scores remote = stage_.Rank(bound_, candidates_, /*liked=*/true, budget_).value();
  const Scores local = LocalRankingStage().Rank(bound_, candidates_, true, budget_).value();
  EXPECT_EQ(remote.ranker, local.ranker);
  EXPECT_EQ(remote.liked, local.liked);
  EXPECT_TRUE(stage_.Rank(bound_, candidates_, /*liked=*/false, budget_)->liked.empty());
}

TEST_F(RemoteRankingStageTest, ExplainsWhatTheStageThereExplains) {
  const Scores scores = stage_.Rank(bound_, candidates_, /*liked=*/true, budget_).value();
  const std::vector<CandidateToExplain> wanted = {
      {.position = 2, .score = scores.ranker[2], .liked_score = scores.liked[2]}};
  const std::vector<Explanation> remote =
      stage_.Explain(bound_, candidates_, wanted, budget_).value();
  const std::vector<Explanation> local =
      LocalRankingStage().Explain(bound_, candidates_, wanted, budget_).value();
  ASSERT_EQ(remote.size(), 1u);
  ASSERT_EQ(remote[0].contributions.size(), local[0].contributions.size());
  for (size_t i = 0; i < local[0].contributions.size(); ++i) {
    EXPECT_EQ(remote[0].contributions[i].feature, local[0].contributions[i].feature);
    EXPECT_EQ(remote[0].contributions[i].contribution, local[0].contributions[i].contribution);
  }
  EXPECT_EQ(remote[0].liked_contributions.size(), local[0].liked_contributions.size());
}

TEST_F(RemoteRankingStageTest, NamesItselfInErrorsThatAreNotTheCallers) {
  BoundQuery of_another(query_, OtherTestModels().bundle());
  const absl::Status status = stage_.Rank(of_another, candidates_, false, budget_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), testing::StartsWith("ranking service at 127.0.0.1:"));
}

}  // namespace
}  // namespace shortlist
