#include "retrieval/sources/candidate_source.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrieval/sources/popular_source.h"
#include "retrieval/sources/similar_to_recent_source.h"
#include "tests/support/toy_bundle.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TEST(FirstPassing, TakesTheFirstThatPassAndAreNotTakenAndLooksNoFurtherThanTold) {
  const EncodedUser user;
  ItemFilter filter;
  filter.Exclude(std::vector<ItemRow>{10});
  TakenItems taken(1);
  taken[30] = true;
  auto tens = [](size_t i) { return static_cast<ItemRow>(10 * (i + 1)); };
  EXPECT_THAT(FirstPassing({user, filter, taken}, 100, tens, 3), ElementsAre(20, 40, 50));
  EXPECT_THAT(FirstPassing({user, filter, taken}, 4, tens, 3), ElementsAre(20, 40));
}

TEST(CandidateSources, PassOverWhatIsTaken) {
  ToyBundle bundle(1000);
  const ItemFilter filter;
  const EncodedUser user = ToyBundle::UserWith({500});
  TakenItems taken(2);
  taken[1] = taken[502] = true;
  EXPECT_THAT(
      SimilarToRecentSource(bundle.similarity, bundle.catalog).Retrieve({user, filter, taken}, 3),
      ElementsAre(501, 503, 504));
  EXPECT_THAT(PopularSource(ToyBundle(10).catalog).Retrieve({user, filter, taken}, 2),
              ElementsAre(2, 3));
}

}  // namespace
}  // namespace shortlist
