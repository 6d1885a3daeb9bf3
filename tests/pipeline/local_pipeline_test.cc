#include "pipeline/local_pipeline.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

TEST(LocalPipeline, ItsStagesOneByOneGiveWhatItAnswers) {
  Query query;
  query.user.history = {{.item_id = "i2"}, {.item_id = "i6"}};
  BoundQuery bound(query, SharedTestModels().bundle());
  const LocalPipeline pipeline;
  const Answer answer = pipeline.Run(bound).value();
  const std::vector<Candidate> candidates = pipeline.Generate(bound).value();
  const Scores scores = pipeline.Rank(bound, candidates).value();
  const std::vector<ShownCandidate> shown =
      pipeline.Order(bound, candidates, scores, {}, query.count).value();
  ASSERT_EQ(shown.size(), answer.items.size());
  for (size_t i = 0; i < shown.size(); ++i) {
    EXPECT_EQ(candidates[shown[i].candidate].item, answer.items[i].item);
    EXPECT_EQ(scores.ranker[shown[i].candidate], answer.items[i].score);
  }
}

TEST(LocalPipeline, ATimeIsOfTheClockThatItIsGiven) {
  absl::Time now = absl::UnixEpoch();
  const LocalPipeline pipeline([&] { return now += absl::Seconds(1); });
  const Query query;
  BoundQuery bound(query, SharedTestModels().bundle());
  const Answer answer = pipeline.Run(bound).value();
  EXPECT_GE(answer.candidates_time, absl::Seconds(1));
  EXPECT_EQ(answer.candidates_time % absl::Seconds(1), absl::ZeroDuration());
}

}  // namespace
}  // namespace shortlist
