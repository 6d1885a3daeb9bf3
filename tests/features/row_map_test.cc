#include "features/row_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

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
  EXPECT_EQ(map.entries().size(), expected.size());
  for (const auto& [row, value] : map.entries()) {
    EXPECT_EQ(value, expected.at(row));
    EXPECT_EQ(*map.Find(row), value);
  }
  EXPECT_EQ(map.Find(1), nullptr);
}

TEST(RowMap, KeepsTheOrderInWhichRowsCame) {
  RowMap<int> map(3);
  for (const ItemRow row : {7, 3, 7, 9}) ++map[row];
  std::vector<ItemRow> rows;
  for (const auto& entry : map.entries()) rows.push_back(entry.row);
  EXPECT_EQ(rows, (std::vector<ItemRow>{7, 3, 9}));
}

TEST(RowMap, MayBeEmpty) { EXPECT_EQ(RowMap<int>(0).Find(0), nullptr); }

}  // namespace
}  // namespace shortlist
