#include "retrieval/sources/cold_start_level.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(ColdStartLevel, IsWhatIsKnown) {
  EncodedUser user;
  for (const bool has_id : {false, true}) {
    EXPECT_EQ(LevelOf(user, has_id), ColdStartLevel::kContext);
    user.attribute_codes = {3};
    EXPECT_EQ(LevelOf(user, has_id), ColdStartLevel::kAttributes);
    user.attribute_codes = {};
  }
  user.history = {{.item = 1, .time_ms = 0, .value = 0}};
  EXPECT_EQ(LevelOf(user, /*has_id=*/false), ColdStartLevel::kSession);
  EXPECT_EQ(LevelOf(user, /*has_id=*/true), ColdStartLevel::kHistory);
  user.user = 7;
  EXPECT_EQ(LevelOf(user, /*has_id=*/true), ColdStartLevel::kKnownUser);
}

TEST(ColdStartLevel, AUserOfTrainingIsAsNewAsAnybodyWithoutAHistory) {
  EncodedUser user{.user = 7, .attribute_codes = {}, .history = {}};
  EXPECT_EQ(LevelOf(user, /*has_id=*/true), ColdStartLevel::kContext);
  user.attribute_codes = {3};
  EXPECT_EQ(LevelOf(user, /*has_id=*/true), ColdStartLevel::kAttributes);
}

}  // namespace
}  // namespace shortlist
