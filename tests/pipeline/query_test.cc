#include "pipeline/query.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(Query, RanksAsManyCandidatesAsAreToComeBackAtLeast) {
  EXPECT_EQ((Query{.count = 20, .candidate_count = 500}.CandidatesToRank()), 500u);
  EXPECT_EQ((Query{.count = 20, .candidate_count = 5}.CandidatesToRank()), 20u);
}

}  // namespace
}  // namespace shortlist
