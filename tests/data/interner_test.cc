#include "data/interner.h"

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

TEST(Interner, GivesEveryStringTheNumberOfItsFirstAppearance) {
  Interner interner;
  EXPECT_EQ(interner.Intern("b"), 0u);
  EXPECT_EQ(interner.Intern("a"), 1u);
  EXPECT_EQ(interner.Intern("b"), 0u);
  EXPECT_EQ(interner.Intern(""), 2u);
  EXPECT_EQ(interner.size(), 3u);
  EXPECT_THAT(interner.ToStrings(), ::testing::ElementsAre("b", "a", ""));
}

TEST(Interner, FindsWhatItHasAndAddsNothing) {
  Interner interner;
  interner.Intern("a");
  EXPECT_EQ(interner.Find("a"), 0u);
  EXPECT_EQ(interner.Find("b"), std::nullopt);
  EXPECT_EQ(interner.size(), 1u);
}

}  // namespace
}  // namespace shortlist
