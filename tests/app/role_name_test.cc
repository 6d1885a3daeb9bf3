#include "app/role_name.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(RoleName, IsWhatTheCommandLineTakes) {
  EXPECT_EQ(RoleName(v1::ROLE_ALL), "all");
  EXPECT_EQ(RoleName(v1::ROLE_RETRIEVAL), "retrieval");
  EXPECT_EQ(RoleName(v1::ROLE_RANKING), "ranking");
  EXPECT_EQ(RoleName(v1::ROLE_RECOMMEND), "recommend");
}

}  // namespace
}  // namespace shortlist
