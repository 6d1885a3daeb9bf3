#include "retrieval/index/passing_positions.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(PassingPositions, AgreeWithTheFilterForEveryKindOfBitmapAndOrder) {
  std::mt19937_64 random(1);
  constexpr uint32_t kItems = 200'000;
  Roaring sparse, dense, runs;
  for (int i = 0; i < 500; ++i) sparse.add(static_cast<uint32_t>(random() % kItems));
  for (uint32_t row = 0; row < kItems; ++row)
    if (random() % 2 == 0) dense.add(row);
  runs.addRange(70'000, 150'000);
  runs.runOptimize();
  Roaring short_runs;
  for (uint64_t begin = 3; begin < kItems - 300; begin += 1 + random() % 300) {
    const uint64_t end = begin + 1 + random() % 300;
    short_runs.addRange(begin, end);
    begin = end;
  }
  short_runs.runOptimize();
  Roaring mixed = sparse;
  mixed.addRange(60'000, 80'000);
  mixed.runOptimize();
  std::vector<ItemRow> excluded(3000);
  for (ItemRow& row : excluded) row = static_cast<ItemRow>(random() % kItems);
  std::vector<ItemRow> added(1000);
  for (ItemRow& row : added) row = static_cast<ItemRow>(random() % (kItems + 100));

  std::vector<ItemRow> rows(kItems);
  std::iota(rows.begin(), rows.end(), 0);
  std::shuffle(rows.begin(), rows.end(), random);
  std::vector<uint32_t> positions(kItems);
  for (uint32_t position = 0; position < kItems; ++position) positions[rows[position]] = position;
  const ItemOrder order = {rows, positions};

  PassingPositions passing;
  std::vector<uint32_t> collected(kItems);
  for (const ItemOrder* made_for : {&order, static_cast<const ItemOrder*>(nullptr)}) {
    for (ItemFilter filter :
         {ItemFilter(), ItemFilter(sparse, made_for), ItemFilter(dense, made_for),
          ItemFilter(runs, made_for), ItemFilter(short_runs, made_for), ItemFilter(mixed, made_for),
          ItemFilter(Roaring())}) {
      for (int round = 0; round < 2; ++round) {
        std::vector<uint32_t> expected;
        for (uint32_t position = 0; position < kItems; ++position)
          if (filter.Passes(rows[position])) expected.push_back(position);
        ASSERT_EQ(expected.size(), filter.PassingCount(kItems));

        passing.AssignList(filter, order);
        ASSERT_TRUE(std::ranges::equal(passing.list(), expected));
        passing.AssignBits(filter, order);
        for (uint32_t position = 0; position < kItems; ++position)
          ASSERT_EQ(passing.Test(position), filter.Passes(rows[position])) << position;
        size_t count = 0;
        for (uint32_t begin = 0; begin < kItems;) {
          const uint32_t end = std::min<uint32_t>(kItems, begin + 1 + random() % 300);
          count += passing.Collect(begin, end, collected.data() + count);
          begin = end;
        }
        ASSERT_EQ(std::vector<uint32_t>(collected.begin(), collected.begin() + count), expected);
        // Then with more rows, some of which pass already, and without others.
        filter.Allow(Roaring(added.size(), added.data()));
        filter.Exclude(excluded);
      }
    }
  }
}

}  // namespace
}  // namespace shortlist
