#include "features/encoded_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(EncodedRequest, TheItemsOfAHistoryAreInItsOrderRepeatsIncluded) {
  EncodedUser user;
  user.history = {{7, 1, 0}, {3, 2, 0}, {7, 3, 0}};
  EXPECT_THAT(ItemsOf(user), testing::ElementsAre(7, 3, 7));
}

}  // namespace
}  // namespace shortlist
