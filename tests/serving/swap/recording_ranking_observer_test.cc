#include "serving/swap/recording_ranking_observer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

class Counting : public RankingObserver {
 public:
  void OnRank(const BoundQuery& /*query*/, std::span<const Candidate> candidates) override {
    seen += candidates.size();
  }
  size_t seen = 0;
};

TEST(RecordingRankingObserver, KeepsTheQueryWithItsCandidatesAndPassesItOn) {
  RecordedQueries recorded(4, 1);
  Counting next;
  RecordingRankingObserver observer(recorded, &next);
  Query query;
  query.user.user_id = "u5";
  const std::vector<Candidate> candidates = {{.item = 7}, {.item = 3}};
  observer.OnRank(BoundQuery(query, SharedTestModels().bundle()), candidates);
  EXPECT_EQ(next.seen, 2u);
  ASSERT_EQ(recorded.size(), 1u);
  const Query kept = recorded.Latest(1).front();
  EXPECT_EQ(kept.user.user_id, "u5");
  EXPECT_EQ(kept.candidate_item_ids, (std::vector<std::string>{"i7", "i3"}));
  RecordingRankingObserver(recorded, nullptr)
      .OnRank(BoundQuery(query, SharedTestModels().bundle()), candidates);
  EXPECT_EQ(recorded.size(), 2u);
}

}  // namespace
}  // namespace shortlist
