#include "serving/swap/recording_candidate_stage.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/time/clock.h"
#include "pipeline/local_candidate_stage.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

TEST(RecordingCandidateStage, AnswersAsTheStageInItAndKeepsTheQuery) {
  RecordedQueries recorded(4, 1);
  const RecordingCandidateStage recording(std::make_unique<LocalCandidateStage>(), recorded);
  const LocalCandidateStage plain;
  const Clock clock = absl::Now;
  const Budget budget(clock, absl::InfiniteFuture());
  Query query;
  query.user.user_id = "u5";
  BoundQuery one(query, SharedTestModels().bundle()), other(query, SharedTestModels().bundle());
  const CandidateList list = recording.Generate(one, budget).value();
  const CandidateList expected = plain.Generate(other, budget).value();
  ASSERT_FALSE(list.candidates.empty());
  EXPECT_EQ(list.candidates.front().item, expected.candidates.front().item);
  ASSERT_EQ(recorded.size(), 1u);
  EXPECT_EQ(recorded.Latest(1).front().user.user_id, "u5");
  EXPECT_EQ(recording.FindSimilar({.item_id = "i3"}, SharedTestModels().bundle(), budget)
                .value()
                .candidates.front()
                .item,
            plain.FindSimilar({.item_id = "i3"}, SharedTestModels().bundle(), budget)
                .value()
                .candidates.front()
                .item);
  EXPECT_EQ(recorded.size(), 1u);
}

}  // namespace
}  // namespace shortlist
