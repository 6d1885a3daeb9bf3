#include "serving/requests/field_checks.h"

#include <gtest/gtest.h>

#include <string>

namespace shortlist {
namespace {

const FieldPath kField{nullptr, "field"};

TEST(FieldChecks, AllowWhatIsWithinTheBounds) {
  for (const int value : {1, 2, 3}) EXPECT_TRUE(CheckRange(kField, value, 1, 3).ok());
  EXPECT_TRUE(CheckSize(kField, 3, 3).ok());
  EXPECT_TRUE(CheckText(kField, "").ok());
  EXPECT_TRUE(CheckNonEmptyText(kField, std::string(256, 'x')).ok());
}

TEST(FieldChecks, NameTheFieldThatIsNot) {
  EXPECT_EQ(CheckRange(kField, 0, 1, 3), Invalid(kField, "must be 1 to 3, is 0"));
  EXPECT_EQ(CheckRange(kField, 4, 1, 3), Invalid(kField, "must be 1 to 3, is 4"));
  EXPECT_EQ(CheckSize(kField, 4, 3), Invalid(kField, "has 4 entries, at most 3 are allowed"));
  EXPECT_EQ(CheckText(kField, std::string(257, 'x')),
            Invalid(kField, "has 257 bytes, at most 256 are allowed"));
  EXPECT_EQ(CheckNonEmptyText(kField, ""), Invalid(kField, "is empty"));
}

}  // namespace
}  // namespace shortlist
