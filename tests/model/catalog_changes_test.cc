#include "model/catalog_changes.h"

#include <gtest/gtest.h>

#include <vector>

namespace shortlist {
namespace {

TEST(CatalogChanges, TheLatestUpsertOrDeletionCountsAndHidingIsKeptApart) {
  ItemState state;
  EXPECT_FALSE(state.IsHidden(0));
  Apply({.kind = ItemChange::Kind::kHide, .item_id = "a", .hidden_until_ms = 100}, state);
  EXPECT_EQ(state.presence, ItemState::Presence::kAsTrained);
  Apply({.item_id = "a", .title = "A", .attributes = {{"genre", {"Drama"}}}}, state);
  EXPECT_EQ(state.presence, ItemState::Presence::kUpserted);
  EXPECT_EQ(state.title, "A");
  EXPECT_EQ(state.attributes.size(), 1u);
  Apply({.item_id = "a", .title = "A", .vector = {1, 2}}, state);
  EXPECT_EQ(state.vector, (std::vector<float>{1, 2}));
  EXPECT_TRUE(state.IsHidden(99));
  EXPECT_FALSE(state.IsHidden(100));

  Apply({.kind = ItemChange::Kind::kDelete, .item_id = "a"}, state);
  EXPECT_TRUE(state.IsHidden(100));
  EXPECT_EQ(state.title, "");
  EXPECT_TRUE(state.attributes.empty());
  EXPECT_TRUE(state.vector.empty());
  Apply({.item_id = "a", .title = "Again"}, state);
  EXPECT_FALSE(state.IsHidden(100));
  EXPECT_TRUE(state.IsHidden(99));
  Apply({.kind = ItemChange::Kind::kHide, .item_id = "a"}, state);
  EXPECT_FALSE(state.IsHidden(99));
}

}  // namespace
}  // namespace shortlist
