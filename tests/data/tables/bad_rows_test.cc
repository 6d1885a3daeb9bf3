#include "data/tables/bad_rows.h"

#include <string>

#include "gtest/gtest.h"

namespace shortlist {
namespace {

TEST(BadRows, AreErrorsUnlessTheyAreToBeSkipped) {
  BadRows bad_rows(/*skip=*/false);
  EXPECT_EQ(bad_rows.Add(absl::InvalidArgumentError("f:3: bad")).message(), "f:3: bad");
  EXPECT_EQ(bad_rows.count(), 0u);
}

TEST(BadRows, AreCountedWhenSkippedWithTheReasonOfTheLast) {
  BadRows bad_rows(/*skip=*/true);
  EXPECT_TRUE(bad_rows.last_error().ok());
  for (int row = 0; row < 12; ++row)
    EXPECT_TRUE(bad_rows.Add(absl::InvalidArgumentError("row " + std::to_string(row))).ok());
  EXPECT_EQ(bad_rows.count(), 12u);
  EXPECT_EQ(bad_rows.last_error().message(), "row 11");
}

}  // namespace
}  // namespace shortlist
