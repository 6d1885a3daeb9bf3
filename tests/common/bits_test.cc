#include "common/bits.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(Bits, AreClearUntilSetAndKnowTheirNeighboursApart) {
  Bits bits(130);
  EXPECT_EQ(bits.words().size(), 3u);
  for (uint32_t i : {0U, 63U, 64U, 129U}) {
    EXPECT_FALSE(bits.Test(i));
    bits.Set(i);
    EXPECT_TRUE(bits.Test(i));
  }
  EXPECT_FALSE(bits.Test(1));
  EXPECT_FALSE(bits.Test(65));
  bits.Clear(63);
  EXPECT_FALSE(bits.Test(63));
  EXPECT_TRUE(bits.Test(64));
  EXPECT_EQ(bits.words()[0], 1u);
}

}  // namespace
}  // namespace shortlist
