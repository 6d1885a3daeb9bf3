#include "serving/requests/item_messages.h"

#include <gtest/gtest.h>

#include <vector>

namespace shortlist {
namespace {

TEST(ItemMessages, AnItemBecomesTheChangeThatPutsItIntoTheCatalog) {
  v1::Item item;
  item.set_item_id("a");
  item.set_title("A");
  item.set_interaction_count(5);  // Of no account.
  v1::Attribute& genre = *item.add_attributes();
  genre.set_name("genre");
  genre.add_values("Drama");
  item.add_vector(0.5F);
  item.add_vector(-2);
  const v1::ItemChange message = UpsertOf(item, 17);
  EXPECT_EQ(message.time_ms(), 17);
  const ItemChange change = FromMessage(message);
  EXPECT_EQ(change.kind, ItemChange::Kind::kUpsert);
  EXPECT_EQ(change.item_id, "a");
  EXPECT_EQ(change.title, "A");
  ASSERT_EQ(change.attributes.size(), 1u);
  EXPECT_EQ(change.attributes[0], (NamedAttribute{"genre", {"Drama"}}));
  EXPECT_EQ(change.vector, (std::vector<float>{0.5F, -2}));
}

TEST(ItemMessages, DeletionsAndHidingsAreTheirKinds) {
  v1::ItemChange message;
  message.set_item_id("a");
  message.mutable_deletion();
  EXPECT_EQ(FromMessage(message).kind, ItemChange::Kind::kDelete);
  message.set_hidden_until_ms(99);
  EXPECT_EQ(FromMessage(message).kind, ItemChange::Kind::kHide);
  EXPECT_EQ(FromMessage(message).hidden_until_ms, 99);
}

}  // namespace
}  // namespace shortlist
