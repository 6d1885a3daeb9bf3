#include "data/attributes/values.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

std::vector<std::string> ValuesOf(std::string_view list, std::string_view separator) {
  std::vector<std::string> values;
  ForEachValue(list, separator, [&](std::string_view value) { values.emplace_back(value); });
  return values;
}

TEST(ForEachValue, LeavesOutEmptyValuesAndSpacesAroundThem) {
  EXPECT_THAT(ValuesOf(" War  Drama ", " "), testing::ElementsAre("War", "Drama"));
  EXPECT_THAT(ValuesOf("War, Martial Arts,,", ","), testing::ElementsAre("War", "Martial Arts"));
  EXPECT_THAT(ValuesOf("a::b", "::"), testing::ElementsAre("a", "b"));
  EXPECT_THAT(ValuesOf("  ", " "), testing::IsEmpty());
}

}  // namespace
}  // namespace shortlist
