#include "features/row_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace shortlist {
namespace {

TEST(RowMap, HoldsWhatAnOrdinaryMapHolds) {
  std::mt19937 random(1);
  RowMap<int> map(500);
  std::map<ItemRow, int> expected;
  for (int i = 0; i < 2000; ++i) {
    const auto row = static_cast<ItemRow>(random() % 500 * 4096);  // Collides by design.
    ++map[row];
    ++expected[row];
  }
  size_t found = 0;
  for (const auto& [row, value] : map.entries()) {
    if (row == kNoItem) continue;
    ++found;
    EXPECT_EQ(value, expected.at(row));
  }
  EXPECT_EQ(found, expected.size());
  EXPECT_EQ(map.Find(1), nullptr);
}

TEST(RowMap, MayBeEmpty) { EXPECT_EQ(RowMap<int>(0).Find(0), nullptr); }

}  // namespace
}  // namespace shortlist
