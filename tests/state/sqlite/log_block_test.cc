#include "state/sqlite/log_block.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/state/state_store_contract.h"

namespace shortlist {
namespace {

TEST(LogBlock, IsSplitIntoTheEntriesThatWereAdded) {
  const std::vector<v1::LogEntry> entries = {EventEntry("e1", "42", "a", 1), v1::LogEntry(),
                                             EventEntry("e2", "42", std::string(300, 'x'), 2)};
  std::string block;
  for (const v1::LogEntry& entry : entries) AddToBlock(entry, block);
  std::vector<std::string_view> parts;
  ASSERT_TRUE(SplitBlock(block, parts));
  ASSERT_EQ(parts.size(), entries.size());
  for (size_t i = 0; i < parts.size(); ++i) EXPECT_EQ(parts[i], entries[i].SerializeAsString());
  ASSERT_TRUE(SplitBlock("", parts));
  EXPECT_TRUE(parts.empty());
  EXPECT_FALSE(SplitBlock(std::string_view(block).substr(0, block.size() - 1), parts));
  EXPECT_FALSE(SplitBlock("\xFF", parts));
}

TEST(LogBlock, OnlyAnEntryThatChangesAStateHasAKey) {
  const StateProjection projection;
  const FoldableEntry click =
      MakeFoldable(EventEntry("e1", "42", "a", 1), /*id=*/7, "bytes", projection);
  EXPECT_EQ(click.id, 7);
  EXPECT_EQ(click.key, UserKey("42"));
  EXPECT_EQ(click.bytes, "bytes");
  EXPECT_EQ(
      MakeFoldable(EventEntry("e1", "42", "a", 1, v1::EVENT_TYPE_IMPRESSION), 7, "", projection)
          .key,
      "");
}

}  // namespace
}  // namespace shortlist
