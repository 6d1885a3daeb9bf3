#include "common/status_macros.h"

#include <gtest/gtest.h>

#include <memory>

namespace shortlist {
namespace {

absl::Status Check(const absl::Status& status, int& lines) {
  RETURN_IF_ERROR(status);
  ++lines;
  return absl::OkStatus();
}

absl::StatusOr<int> Twice(absl::StatusOr<std::unique_ptr<int>> number) {
  ASSIGN_OR_RETURN(const std::unique_ptr<int> owned, std::move(number));
  return 2 * *owned;
}

TEST(StatusMacros, ReturnTheErrorAndNothingIsDoneAfterIt) {
  int lines = 0;
  EXPECT_TRUE(Check(absl::OkStatus(), lines).ok());
  EXPECT_EQ(Check(absl::NotFoundError("x"), lines), absl::NotFoundError("x"));
  EXPECT_EQ(lines, 1);
}

TEST(StatusMacros, AssignWhatCanOnlyBeMoved) {
  EXPECT_EQ(Twice(std::make_unique<int>(21)).value(), 42);
  EXPECT_EQ(Twice(absl::NotFoundError("x")).status(), absl::NotFoundError("x"));
}

}  // namespace
}  // namespace shortlist
