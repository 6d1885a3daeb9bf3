#include "data/named_attributes.h"

#include <cmath>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TEST(NamedAttributesOf, HasValuesOfTokensAndExactNumbersAndLeavesOutWhatTheRowHasNothingOf) {
  const std::vector<AttributeFieldData> schema = {
      {.name = "genre", .type = AttributeType::kTokens, .values = {"Comedy", "Drama", "War"}},
      {.name = "year", .type = AttributeType::kNumber, .values = {"old", "new"}},
      {.name = "colour", .type = AttributeType::kToken, .values = {"red"}}};
  const std::vector<std::vector<double>> numbers = {{1999.5, NAN}};
  const std::vector<uint32_t> first = {0, 2, 4}, second = {5};
  EXPECT_THAT(
      NamedAttributesOf(schema, first, numbers, 0),
      ElementsAre(NamedAttribute{"genre", {"Comedy", "War"}}, NamedAttribute{"year", {"1999.5"}}));
  EXPECT_THAT(NamedAttributesOf(schema, second, numbers, 1),
              ElementsAre(NamedAttribute{"colour", {"red"}}));
}

}  // namespace
}  // namespace shortlist
