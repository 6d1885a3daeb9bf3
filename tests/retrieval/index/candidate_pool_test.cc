#include "retrieval/index/candidate_pool.h"

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
std::vector<float> Keep(CandidatePool& pool, const std::vector<float>& scores) {
  for (size_t begin = 0; begin < scores.size(); begin += CandidatePool::kMaxBatch) {
    const size_t end = std::min(begin + CandidatePool::kMaxBatch, scores.size());
    const float least = pool.least();
    for (size_t i = begin; i < end; ++i)
      if (scores[i] >= least) pool.Add({static_cast<uint32_t>(i), scores[i], 0}, scores[i]);
    pool.EndBatch();
  }
  std::vector<float> kept;
  std::set<uint32_t> positions;
  for (const CandidatePool::Entry& entry : pool.Finish()) {
    EXPECT_EQ(entry.score, scores[entry.position]);
    EXPECT_TRUE(positions.insert(entry.position).second);
    kept.push_back(entry.score);
  }
  std::sort(kept.begin(), kept.end(), std::greater<>());
  return kept;
}

void ExpectTheBest(CandidatePool& pool, std::vector<float> scores, size_t size) {
  pool.Reset(size, -10'000, 10'000);
  std::vector<float> kept = Keep(pool, scores);
  std::sort(scores.begin(), scores.end(), std::greater<>());
  ASSERT_GE(kept.size(), std::min(size, scores.size()));
  ASSERT_LE(kept.size(), 2 * size + 2 * CandidatePool::kMaxBatch);
  ASSERT_TRUE(std::equal(kept.begin(), kept.begin() + std::min(size, kept.size()), scores.begin()));
}

TEST(CandidatePool, KeepsTheBestOfAnyStream) {
  std::mt19937_64 random(1);
  CandidatePool pool;
  for (size_t size : {1, 7, 600}) {
    for (size_t count : {0, 1, 500, 50'000}) {
      std::vector<float> scores(count);
      for (float& score : scores) score = static_cast<float>(random() % 20'001) - 10'000;
      ExpectTheBest(pool, scores, size);
      std::sort(scores.begin(), scores.end());  // Every one is better than all before.
      ExpectTheBest(pool, scores, size);
    }
  }
}

TEST(CandidatePool, StaysBoundedWhenAllScoresAreEqual) {
  CandidatePool pool;
  ExpectTheBest(pool, std::vector<float>(200'000, 42), 100);
}

// Searches share a pool, and what one of them finds must not depend on those before it.
TEST(CandidatePool, KeepsTheSameWhateverItWasUsedForBefore) {
  std::mt19937_64 random(4);
  std::vector<float> scores(50'000);
  for (float& score : scores) score = static_cast<float>(random() % 3);
  CandidatePool fresh, used;
  used.Reset(30'000, -10, 10);
  Keep(used, scores);
  fresh.Reset(100, -10, 10);
  used.Reset(100, -10, 10);
  EXPECT_EQ(Keep(fresh, scores), Keep(used, scores));
}

TEST(CandidatePool, IsRightWhenScoresLieOutsideTheExpectedRange) {
  std::mt19937_64 random(2);
  std::vector<float> scores(50'000);
  for (float& score : scores) score = static_cast<float>(static_cast<int32_t>(random()));
  CandidatePool pool;
  ExpectTheBest(pool, scores, 100);
}

TEST(CandidatePool, WantsEverythingUntilItIsFull) {
  CandidatePool pool;
  pool.Reset(3, -10, 10);
  pool.Add({0, -10, 0}, -10);
  pool.Add({1, -9, 0}, -9);
  pool.EndBatch();
  EXPECT_EQ(pool.least(), -std::numeric_limits<float>::infinity());
  pool.Add({2, 5, 0}, 5);
  pool.Add({3, 5, 0}, 5);
  pool.EndBatch();
  EXPECT_GT(pool.least(), -10);
  EXPECT_LE(pool.least(), -9);
}

// What is not below the size-th largest lower bound may be among the best.
TEST(CandidatePool, KeepsAllThatMayBeAmongTheBestOfUncertainScores) {
  std::mt19937_64 random(3);
  std::vector<float> lower(50'000), upper;
  for (float& score : lower) {
    score = static_cast<float>(random() % 1000);
    upper.push_back(score + static_cast<float>(random() % 100));
  }
  CandidatePool pool;
  constexpr size_t kSize = 50;
  pool.Reset(kSize, -2000, 2000, CandidatePool::Keep::kAll);
  for (uint32_t i = 0; i < lower.size(); ++i) {
    if (upper[i] >= pool.least()) pool.Add({i, upper[i], 7}, lower[i]);
    if (i % 100 == 0) pool.EndBatch();
  }
  pool.EndBatch();
  std::set<uint32_t> kept;
  for (const CandidatePool::Entry& entry : pool.Finish()) kept.insert(entry.position);
  std::vector<float> sorted = lower;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  for (uint32_t i = 0; i < lower.size(); ++i) {
    if (upper[i] >= sorted[kSize - 1]) {
      EXPECT_TRUE(kept.contains(i)) << upper[i];
    } else {
      EXPECT_FALSE(upper[i] < sorted[kSize - 1] - 3 && kept.contains(i)) << upper[i];
    }
  }
}

}  // namespace
}  // namespace shortlist
