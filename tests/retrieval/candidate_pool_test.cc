#include "retrieval/candidate_pool.h"

#include <algorithm>
#include <functional>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

// Offers the scores in batches, as a search does, and returns the scores that the pool keeps, best
// first.
std::vector<int32_t> Keep(CandidatePool& pool, const std::vector<int32_t>& scores) {
  for (size_t begin = 0; begin < scores.size(); begin += CandidatePool::kMaxBatch) {
    const size_t end = std::min(begin + CandidatePool::kMaxBatch, scores.size());
    const int32_t least = pool.least();
    for (size_t i = begin; i < end; ++i)
      if (scores[i] >= least) pool.Add(static_cast<uint32_t>(i), scores[i]);
    pool.EndBatch();
  }
  std::vector<int32_t> kept;
  std::set<uint32_t> positions;
  for (const CandidatePool::Entry& entry : pool.Finish()) {
    EXPECT_EQ(entry.score, scores[entry.position]);
    EXPECT_TRUE(positions.insert(entry.position).second);
    kept.push_back(entry.score);
  }
  std::sort(kept.begin(), kept.end(), std::greater<>());
  return kept;
}

void ExpectTheBest(CandidatePool& pool, std::vector<int32_t> scores, size_t size) {
  pool.Reset(size, -10'000, 10'000);
  std::vector<int32_t> kept = Keep(pool, scores);
  std::sort(scores.begin(), scores.end(), std::greater<>());
  ASSERT_GE(kept.size(), std::min(size, scores.size()));
  ASSERT_LE(kept.size(), 2 * size);
  ASSERT_TRUE(std::equal(kept.begin(), kept.begin() + std::min(size, kept.size()), scores.begin()));
}

TEST(CandidatePool, KeepsTheBestOfAnyStream) {
  std::mt19937_64 random(1);
  CandidatePool pool;
  for (size_t size : {1, 7, 600}) {
    for (size_t count : {0, 1, 500, 50'000}) {
      std::vector<int32_t> scores(count);
      for (int32_t& score : scores) score = static_cast<int32_t>(random() % 20'001) - 10'000;
      ExpectTheBest(pool, scores, size);
      std::sort(scores.begin(), scores.end());  // Every one is better than all before.
      ExpectTheBest(pool, scores, size);
    }
  }
}

TEST(CandidatePool, StaysBoundedWhenAllScoresAreEqual) {
  CandidatePool pool;
  ExpectTheBest(pool, std::vector<int32_t>(200'000, 42), 100);
}

TEST(CandidatePool, IsRightWhenScoresLieOutsideTheExpectedRange) {
  std::mt19937_64 random(2);
  std::vector<int32_t> scores(50'000);
  for (int32_t& score : scores) score = static_cast<int32_t>(random());
  CandidatePool pool;
  ExpectTheBest(pool, scores, 100);
}

TEST(CandidatePool, WantsEverythingUntilItIsFull) {
  CandidatePool pool;
  pool.Reset(3, -10, 10);
  pool.Add(0, -10);
  pool.Add(1, -10);
  pool.EndBatch();
  EXPECT_FALSE(pool.full());
  EXPECT_EQ(pool.least(), std::numeric_limits<int32_t>::min());
  pool.Add(2, 5);
  pool.EndBatch();
  EXPECT_TRUE(pool.full());
}

}  // namespace
}  // namespace shortlist
