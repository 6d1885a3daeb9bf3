#include "retrieval/filters/filter_conditions.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(FilterConditions, AreEmptyUntilThereIsOneOfAnyKind) {
  EXPECT_TRUE(FilterConditions().empty());
  const FilterCondition condition{.attribute = "genre", .any_value = {"Drama"}};
  EXPECT_FALSE(FilterConditions{.all_of = {condition}}.empty());
  EXPECT_FALSE(FilterConditions{.any_of = {condition}}.empty());
  EXPECT_FALSE(FilterConditions{.none_of = {condition}}.empty());
}

}  // namespace
}  // namespace shortlist
