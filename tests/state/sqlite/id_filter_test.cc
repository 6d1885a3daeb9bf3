#include "state/sqlite/id_filter.h"

#include <gtest/gtest.h>

#include <random>

namespace shortlist {
namespace {

TEST(IdFilter, KnowsAllThatWereAddedAndFewOthers) {
  constexpr size_t kIds = 20'000;
  std::mt19937_64 added(1), others(2);
  IdFilter filter(kIds);
  for (size_t i = 0; i < kIds; ++i) filter.Add(absl::MakeUint128(added(), added()));
  added.seed(1);
  size_t wrong = 0;
  for (size_t i = 0; i < kIds; ++i) {
    ASSERT_TRUE(filter.MayContain(absl::MakeUint128(added(), added()))) << i;
    wrong += filter.MayContain(absl::MakeUint128(others(), others())) ? 1 : 0;
  }
  EXPECT_LT(wrong, kIds / 50);
  EXPECT_LT(filter.bytes(), 2 * kIds);
}

TEST(IdFilter, OfNoIdsContainsNone) {
  EXPECT_FALSE(IdFilter(0).MayContain(absl::MakeUint128(1, 2)));
}

}  // namespace
}  // namespace shortlist
