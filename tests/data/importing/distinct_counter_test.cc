#include "data/importing/distinct_counter.h"

#include <string>

#include "gtest/gtest.h"

namespace shortlist {
namespace {

TEST(DistinctCounter, IsExactForFew) {
  DistinctCounter ids;
  for (const char* id : {"a", "a", "b", "a", "", "b"}) ids.Add(id);
  EXPECT_EQ(ids.count(), 3u);
  EXPECT_TRUE(ids.exact());
}

TEST(DistinctCounter, IsCloseForManyAndForTheUnionOfSeveral) {
  constexpr int kIds = 600'000;
  DistinctCounter all, first, second;
  for (int i = 0; i < kIds; ++i) {
    const std::string id = std::to_string(i);
    all.Add(id);
    if (i < kIds / 2 + 1000) first.Add(id);
    if (i >= kIds / 2 - 1000) second.Add(id);
  }
  EXPECT_FALSE(all.exact());
  EXPECT_NEAR(static_cast<double>(all.count()), kIds, 0.01 * kIds);
  first.Add(second);
  EXPECT_EQ(first.count(), all.count());
  // One that has seen few is as coarse afterwards as what it takes in.
  DistinctCounter few;
  few.Add("0");
  few.Add(all);
  EXPECT_EQ(few.count(), all.count());
}

}  // namespace
}  // namespace shortlist
