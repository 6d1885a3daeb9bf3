#include "common/text/strings.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace shortlist {
namespace {

TEST(AbslView, IsTheSameTextZerosIncluded) {
  const std::string_view text("a\0b", 3);
  EXPECT_EQ(absl::StrCat(AbslView(text)), std::string(text));
}

TEST(Trimmed, TakesOffTheSpacesAround) {
  EXPECT_EQ(Trimmed("  a b "), "a b");
  EXPECT_EQ(Trimmed("  "), "");
}

}  // namespace
}  // namespace shortlist
