#include "features/user_state.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace shortlist {
namespace {

TEST(TrimToBounds, KeepsTheFirstAttributesAndValuesAndTheLastInteractions) {
  UserState state;
  for (size_t i = 0; i < kMaxAttributes + 3; ++i) {
    NamedAttribute& attribute = state.attributes.emplace_back();
    attribute.name = "attribute " + std::to_string(i);
    for (size_t v = 0; v < kMaxAttributeValues + (i == 0 ? 2 : 0); ++v)
      attribute.values.push_back(std::to_string(v));
  }
  for (size_t i = 0; i < kMaxHistory + 5; ++i)
    state.history.push_back({.item_id = std::to_string(i)});
  for (size_t i = 0; i < kMaxRefused + 5; ++i)
    state.refused.push_back({.item_id = std::to_string(i)});
  TrimToBounds(state);
  EXPECT_EQ(state.attributes.size(), kMaxAttributes);
  EXPECT_EQ(state.attributes.front().name, "attribute 0");
  EXPECT_EQ(state.attributes.front().values.size(), kMaxAttributeValues);
  EXPECT_EQ(state.attributes.front().values.back(), "255");
  ASSERT_EQ(state.history.size(), kMaxHistory);
  EXPECT_EQ(state.history.front().item_id, "5");
  ASSERT_EQ(state.refused.size(), kMaxRefused);
  EXPECT_EQ(state.refused.front().item_id, "5");
}

TEST(TrimToBounds, LeavesOutValuesThatAreTooLong) {
  UserState state{
      .user_id = "u",
      .attributes = {{.name = "genre", .values = {std::string(kMaxTextBytes + 1, 'x'), "Drama"}}},
      .history = {}};
  TrimToBounds(state);
  EXPECT_EQ(state.attributes[0].values, std::vector<std::string>{"Drama"});
}

TEST(TrimToBounds, LeavesNothingThatARequestMayNotSay) {
  const std::string long_name(kMaxTextBytes + 1, 'x');
  UserState state{.user_id = "u",
                  .attributes = {{.name = long_name, .values = {"1"}},
                                 {.name = "", .values = {"2"}},
                                 {.name = "age", .values = {"3"}}},
                  .history = {{.item_id = long_name, .value = 1},
                              {.item_id = "a", .time_ms = 5, .value = NAN},
                              {.item_id = "b", .value = INFINITY},
                              {.item_id = "c", .value = 4}}};
  TrimToBounds(state);
  const UserState expected{
      .user_id = "u",
      .attributes = {{.name = "age", .values = {"3"}}},
      .history = {{.item_id = "a", .time_ms = 5}, {.item_id = "b"}, {.item_id = "c", .value = 4}}};
  EXPECT_EQ(state, expected);
}

TEST(TrimToBounds, LeavesAStateWithinTheBoundsAlone) {
  UserState state{.user_id = "u",
                  .attributes = {{.name = "genre", .values = {"Drama"}}},
                  .history = {{.item_id = "a"}, {.item_id = "b"}}};
  const UserState before = state;
  TrimToBounds(state);
  EXPECT_EQ(state, before);
}

}  // namespace
}  // namespace shortlist
