#include "retrieval/row_bits.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(RowBits, AgreeWithTheFilterForEveryKindOfBitmap) {
  std::mt19937_64 random(1);
  constexpr uint32_t kItems = 200'000;
  Roaring sparse, dense, runs;
  for (int i = 0; i < 500; ++i) sparse.add(static_cast<uint32_t>(random() % kItems));
  for (uint32_t row = 0; row < kItems; ++row)
    if (random() % 2 == 0) dense.add(row);
  runs.addRange(70'000, 150'000);
  runs.runOptimize();
  Roaring mixed = sparse;
  mixed.addRange(60'000, 80'000);
  mixed.runOptimize();
  std::vector<ItemRow> excluded(3000);
  for (ItemRow& row : excluded) row = static_cast<ItemRow>(random() % kItems);

  RowBits bits;
  for (ItemFilter filter : {ItemFilter(), ItemFilter(sparse), ItemFilter(dense), ItemFilter(runs),
                            ItemFilter(mixed), ItemFilter(Roaring())}) {
    for (int round = 0; round < 2; ++round) {
      bits.Assign(filter, kItems);
      for (ItemRow row = 0; row < kItems; ++row)
        ASSERT_EQ(bits.Test(row), filter.Passes(row)) << row;
      filter.Exclude(excluded);
    }
  }
}

}  // namespace
}  // namespace shortlist
