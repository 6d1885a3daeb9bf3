#include "common/growing/added_slots.h"

#include <set>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(AddedSlots, VisitAllOfAHashAndSayWhenTheyAreFull) {
  AddedSlots slots(10);
  uint32_t added = 0;
  for (; !slots.IsFull(); ++added)
    slots.Add(added % 3, added);  // Three hashes, which run into one.
  EXPECT_GE(added, 10u);
  for (uint32_t hash = 0; hash < 3; ++hash) {
    std::set<uint32_t> visited;
    slots.ForEach(hash, [&](uint32_t position) { visited.insert(position); });
    for (uint32_t position = hash; position < added; position += 3)
      EXPECT_TRUE(visited.contains(position)) << position;
  }
  std::set<uint32_t> all;
  slots.ForEach([&](uint32_t position) { all.insert(position); });
  EXPECT_EQ(all.size(), added);
}

}  // namespace
}  // namespace shortlist
