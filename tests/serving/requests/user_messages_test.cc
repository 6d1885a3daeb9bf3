#include "serving/requests/user_messages.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(UserMessages, NothingOfAUserIsLostEitherWay) {
  const UserState state{
      .user_id = "u",
      .attributes = {{.name = "genre", .values = {"a", "b"}}, {.name = "empty", .values = {}}},
      .history = {{.item_id = "x", .time_ms = -3, .value = 4.5F}, {.item_id = "", .time_ms = 0}},
      .refused = {{.item_id = "y", .time_ms = 5, .value = 1}},
      .shown = {{.item_id = "z", .times_ms = {1, 2}}}};
  v1::UserState message;
  ToMessage(state, message);
  EXPECT_EQ(message.history(0).item_id(), "x");
  EXPECT_EQ(message.history(0).time_ms(), -3);
  EXPECT_EQ(message.attributes(0).values(1), "b");
  EXPECT_EQ(FromMessage(message), state);
}

TEST(UserMessages, TheIdOfAUserWhoIsForgottenStaysBehind) {
  const UserState state{.user_id = "u", .history = {{.item_id = "x"}}, .is_forgotten = true};
  v1::UserState message;
  ToMessage(state, message);
  EXPECT_EQ(message.user_id(), "");
  EXPECT_EQ(message.history_size(), 1);
}

TEST(UserMessages, NothingOfAContextIsLostEitherWay) {
  const RequestContext context{.time_ms = 7,
                               .device = "tv",
                               .surface = "home",
                               .time_zone = "+02:00",
                               .extra = {{"weather", "rain"}}};
  v1::RequestContext message;
  ToMessage(context, message);
  EXPECT_EQ(message.extra().at("weather"), "rain");
  EXPECT_EQ(FromMessage(message), context);
}

}  // namespace
}  // namespace shortlist
