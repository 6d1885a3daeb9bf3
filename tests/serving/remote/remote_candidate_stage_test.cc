#include "serving/remote/remote_candidate_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/time/clock.h"
#include "serving/remote/remote_call.h"
#include "tests/support/local_service.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

class RemoteCandidateStageTest : public testing::Test {
 protected:
  RemoteCandidateStageTest() {
    query_.user.user_id = "u5";
    query_.user.history = {{.item_id = "i1"}, {.item_id = "i5"}};
    query_.context.time_ms = 1'600'000'000'000;
    query_.candidate_count = 30;
  }
  ~RemoteCandidateStageTest() override { server_->Shutdown(absl::Seconds(5)); }

  LocalStageServices there_{SharedTestModels().bundle()};
  const std::unique_ptr<GrpcServer> server_ = there_.Serve();
  BundleRegistry here_{SharedTestModels().bundle()};
  const RemoteCandidateStage stage_{
      ConnectTo(server_->address(), v1::CandidateGeneration::service_full_name()),
      server_->address(), here_};
  const Clock clock_ = absl::Now;
  const Budget budget_{clock_, absl::Now() + absl::Seconds(30)};
  Query query_;
};

TEST_F(RemoteCandidateStageTest, GivesWhatTheStageThereGives) {
  BoundQuery bound(query_, here_.Current());
  bound.pinned_item_ids = {"i7"};
  const CandidateList remote = stage_.Generate(bound, budget_).value();
  const CandidateList local = LocalCandidateStage().Generate(bound, budget_).value();
  EXPECT_EQ(remote.bundle, here_.Current());
  ASSERT_EQ(remote.candidates.size(), local.candidates.size());
  for (size_t i = 0; i < local.candidates.size(); ++i) {
    EXPECT_EQ(remote.candidates[i].item, local.candidates[i].item);
    EXPECT_EQ(remote.candidates[i].score, local.candidates[i].score);
    EXPECT_EQ(remote.candidates[i].source, local.candidates[i].source);
  }
}

TEST_F(RemoteCandidateStageTest, ScoresGivenItemsThere) {
  query_.candidate_item_ids = {"i7", "nothing", "i1", "i8", "i7"};
  BoundQuery bound(query_, here_.Current());
  const CandidateList remote = stage_.Generate(bound, budget_).value();
  const CandidateList local = LocalCandidateStage().Generate(bound, budget_).value();
  ASSERT_EQ(remote.candidates.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(remote.candidates[i].item, local.candidates[i].item);
    EXPECT_EQ(remote.candidates[i].score, local.candidates[i].score);
    EXPECT_EQ(remote.candidates[i].source, SourceId::kGiven);
  }
}

TEST_F(RemoteCandidateStageTest, FindsSimilarItemsThere) {
  const CandidateList similar =
      stage_.FindSimilar({.item_id = "i9", .count = 5, .filter = {}}, here_.Current(), budget_)
          .value();
  EXPECT_EQ(similar.candidates.size(), 5u);
  EXPECT_EQ(stage_.FindSimilar({.item_id = "nothing", .filter = {}}, here_.Current(), budget_)
                .status()
                .code(),
            absl::StatusCode::kNotFound);
}

TEST_F(RemoteCandidateStageTest, FindsThereWhatIsSimilarByContent) {
  here_.Replace(VectorTestModels().bundle());
  there_.bundles.Replace(VectorTestModels().bundle());
  for (const Similarity by : {Similarity::kContent, Similarity::kBoth}) {
    const SimilarItemsQuery query{.item_id = "i9", .count = 5, .filter = {}, .by = by};
    const CandidateList remote = stage_.FindSimilar(query, here_.Current(), budget_).value();
    const CandidateList local =
        LocalCandidateStage().FindSimilar(query, here_.Current(), budget_).value();
    ASSERT_EQ(remote.candidates.size(), 5u);
    for (size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(remote.candidates[i].item, local.candidates[i].item);
      EXPECT_EQ(remote.candidates[i].score, local.candidates[i].score);
    }
  }
  const absl::Status none =
      stage_
          .FindSimilar({.item_id = "i119", .filter = {}, .by = Similarity::kContent},
                       here_.Current(), budget_)
          .status();
  EXPECT_EQ(none.code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(LacksBundle(none));
}

TEST_F(RemoteCandidateStageTest, TheServiceAnswersFromTheQuerysBundleWhereItHasIt) {
  there_.bundles.Replace(OtherTestModels().bundle());
  BoundQuery bound(query_, here_.Current());
  EXPECT_EQ(stage_.Generate(bound, budget_)->bundle, here_.Current());
  there_.bundles.Replace(OtherTestModels().bundle());  // Now the query's is gone.
  const absl::Status status = stage_.Generate(bound, budget_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(RemoteCandidateStageTest, PassesOnWhatIsWrongWithTheRequestAndNamesItselfOtherwise) {
  query_.filter.all_of = {{.attribute = "colour", .any_value = {"red"}, .range = {}}};
  BoundQuery bound(query_, here_.Current());
  const absl::Status wrong = stage_.Generate(bound, budget_).status();
  EXPECT_EQ(wrong.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(wrong.message()), testing::StartsWith("filter.all_of[0].attribute:"));
  const Budget spent(clock_, absl::Now() - absl::Seconds(1));
  const absl::Status late = stage_.Generate(bound, spent).status();
  EXPECT_EQ(late.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(std::string(late.message()), testing::StartsWith("retrieval service at 127.0.0.1:"));
}

// Once such a message was too large for a stage in another process.
TEST_F(RemoteCandidateStageTest, TakesTheLongestHistoryOfTheLongestIds) {
  for (int i = 0; i < 100'000; ++i)
    query_.user.history.push_back({.item_id = std::string(250, 'x') + std::to_string(i)});
  query_.user.history.resize(100'000);
  for (int i = 0; i < 10'000; ++i)
    query_.user.refused.push_back({.item_id = std::string(250, 'y') + std::to_string(i)});
  for (int i = 0; i < 20'000; ++i)
    query_.excluded_item_ids.push_back(std::string(250, 'z') + std::to_string(i));
  BoundQuery bound(query_, here_.Current());
  const absl::StatusOr<CandidateList> list = stage_.Generate(bound, budget_);
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_EQ(list->candidates.size(), 30u);
}

}  // namespace
}  // namespace shortlist
