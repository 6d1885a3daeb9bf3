#include "retrieval/sorted_in_parts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace shortlist {
namespace {

std::vector<uint64_t> RandomKeys(size_t count, uint64_t below, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<uint64_t> keys(count);
  for (uint64_t& key : keys) key = random() % below;
  return keys;
}

// `keys` in order, as far as the first `looked_at` of them.
std::vector<uint64_t> FirstOf(std::vector<uint64_t> keys, size_t likely, size_t looked_at) {
  SortedInParts sorted(keys, likely);
  std::vector<uint64_t> first;
  for (size_t i = 0; i < looked_at; ++i) first.push_back(sorted[i]);
  return first;
}

TEST(SortedInParts, GivesTheKeysInOrderHoweverManyWereLikely) {
  for (const size_t count : {0, 1, 63, 64, 255, 256, 257, 1000, 5000}) {
    for (const uint64_t below : {uint64_t{3}, ~uint64_t{0}}) {  // Many equal ones, and none.
      const std::vector<uint64_t> keys = RandomKeys(count, below, count + below);
      std::vector<uint64_t> expected = keys;
      std::sort(expected.begin(), expected.end());
      for (const size_t likely : {size_t{0}, size_t{1}, count / 7, count / 2, count, 10 * count})
        EXPECT_EQ(FirstOf(keys, likely, count), expected) << count << " keys, " << likely;
    }
  }
}

TEST(SortedInParts, GivesTheFirstWithoutTheOthers) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const std::vector<uint64_t> keys = RandomKeys(1500, ~uint64_t{0}, seed);
    std::vector<uint64_t> expected = keys;
    std::sort(expected.begin(), expected.end());
    expected.resize(20);
    EXPECT_EQ(FirstOf(keys, 250, 20), expected) << seed;
  }
}

TEST(SortedInParts, LeavesTheOthersAloneUntilTheyAreAskedFor) {
  std::vector<uint64_t> keys = RandomKeys(1500, ~uint64_t{0}, 1);
  SortedInParts sorted(keys, 250);
  EXPECT_FALSE(std::is_sorted(keys.begin(), keys.end()));
  sorted[0];
  EXPECT_FALSE(std::is_sorted(keys.begin(), keys.end()));
  sorted[keys.size() - 1];
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
}

TEST(SortedInParts, TakesKeysThatAreInOrderAlready) {
  std::vector<uint64_t> keys(1000);
  for (size_t i = 0; i < keys.size(); ++i) keys[i] = i;
  EXPECT_EQ(FirstOf(keys, 100, keys.size()), keys);
  const std::vector<uint64_t> expected = keys;
  std::reverse(keys.begin(), keys.end());
  EXPECT_EQ(FirstOf(keys, 100, keys.size()), expected);
}

}  // namespace
}  // namespace shortlist
