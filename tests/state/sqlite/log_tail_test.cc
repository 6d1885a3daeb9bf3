#include "state/sqlite/log_tail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/state/state_store_contract.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

FoldableEntry Entry(uint64_t id, const std::string& key, std::string_view bytes) {
  return {.id = id, .key = key, .bytes = bytes};
}

std::vector<std::string> ChangesOf(const LogTail& tail, const std::string& key, int64_t after) {
  std::vector<std::string> changes;
  EXPECT_TRUE(tail.ChangesOf(key, after, changes));
  return changes;
}

TEST(LogTail, HasChangesInOrderFromAnyPositionOn) {
  LogTail tail;
  tail.Add(1, {Entry(1, "u:a", "a1"), Entry(2, "u:b", "b2"), Entry(3, "", "none")});
  tail.Add(4, {Entry(0, "u:a", "a4")});
  tail.Seal();
  tail.Add(5, {Entry(5, "u:a", "a5")});
  EXPECT_EQ(tail.end(), 5);
  EXPECT_EQ(tail.size(), 5u);
  EXPECT_EQ(tail.bytes(), 8u);
  EXPECT_THAT(ChangesOf(tail, "u:a", 0), ElementsAre("a1", "a4", "a5"));
  EXPECT_THAT(ChangesOf(tail, "u:a", 1), ElementsAre("a4", "a5"));
  EXPECT_THAT(ChangesOf(tail, "u:a", 5), IsEmpty());
  EXPECT_THAT(ChangesOf(tail, "u:b", 0), ElementsAre("b2"));
  EXPECT_THAT(tail.Keys(), testing::UnorderedElementsAre("u:a", "u:b", "u:a"));
  EXPECT_TRUE(tail.HasEvent(3));
  EXPECT_TRUE(tail.HasEvent(5));
  EXPECT_FALSE(tail.HasEvent(4));
}

TEST(LogTail, TakesABlockOnce) {
  LogTail tail;
  tail.Add(1, {Entry(1, "u:a", "a1"), Entry(2, "u:a", "a2")});
  tail.Add(1, {Entry(1, "u:a", "a1"), Entry(2, "u:a", "a2")});
  EXPECT_EQ(tail.size(), 2u);
}

TEST(LogTail, DropsWhatIsFoldedAndSaysWhenItIsAskedForThat) {
  LogTail tail;
  tail.Add(1, {Entry(1, "u:a", "a1")});
  const auto sealed = tail.Seal();
  ASSERT_EQ(sealed.size(), 1u);
  tail.Add(2, {Entry(2, "u:a", "a2")});
  tail.Fold(1);
  EXPECT_EQ(tail.size(), 1u);
  EXPECT_FALSE(tail.HasEvent(1));
  EXPECT_THAT(ChangesOf(tail, "u:a", 1), ElementsAre("a2"));
  std::vector<std::string> changes;
  EXPECT_FALSE(tail.ChangesOf("u:a", 0, changes));
  // What others have folded beyond what it has heard of.
  tail.Fold(7);
  EXPECT_EQ(tail.size(), 0u);
  EXPECT_EQ(tail.end(), 7);
  tail.Add(2, {Entry(2, "u:a", "a2")});
  EXPECT_EQ(tail.size(), 0u);
  tail.Add(8, {Entry(8, "u:a", "a8")});
  EXPECT_THAT(ChangesOf(tail, "u:a", 7), ElementsAre("a8"));
  // A segment outlives its place in the tail.
  EXPECT_THAT(sealed[0]->Keys(), ElementsAre("u:a"));
  EXPECT_EQ(sealed[0]->Ids(), (std::vector<absl::uint128>{1}));
}

TEST(LogTail, AddsBlocksOfTheFileAndRefusesDamagedOnes) {
  const EventHash hash("0123456789abcdef");
  const StateProjection projection;
  std::string block;
  AddToBlock(EventEntry("e1", "42", "a", 1), block);
  AddToBlock(v1::LogEntry(), block);  // Removed.
  AddToBlock(EventEntry("e2", "42", "b", 1, v1::EVENT_TYPE_IMPRESSION), block);
  LogTail tail;
  ASSERT_TRUE(AddBlock(1, block, hash, projection, tail));
  EXPECT_EQ(tail.end(), 3);
  EXPECT_THAT(ChangesOf(tail, UserKey("42"), 0),
              ElementsAre(EventEntry("e1", "42", "a", 1).SerializeAsString()));
  EXPECT_TRUE(tail.HasEvent(hash.Of("e1")));
  EXPECT_TRUE(tail.HasEvent(hash.Of("e2")));
  EXPECT_FALSE(AddBlock(4, "\xFF", hash, projection, tail));
}

}  // namespace
}  // namespace shortlist
