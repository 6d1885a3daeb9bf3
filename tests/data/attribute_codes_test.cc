#include "data/attribute_codes.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(AttributeCodes, OfARowAreThoseBetweenItsOffsets) {
  const AttributeCodes attributes{.schema = {}, .offsets = {0, 2, 2, 3}, .codes = {4, 7, 1}};
  EXPECT_THAT(CodesOf(attributes, 0), ElementsAre(4, 7));
  EXPECT_THAT(CodesOf(attributes, 1), IsEmpty());
  EXPECT_THAT(CodesOf(attributes, 2), ElementsAre(1));
}

TEST(AttributeCodes, WithoutAttributesNoRowHasAny) { EXPECT_THAT(CodesOf({}, 5), IsEmpty()); }

}  // namespace
}  // namespace shortlist
