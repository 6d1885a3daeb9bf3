#include "retrieval/sources/popular_source.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/toy_bundle.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TakenItems nothing_taken(0);

TEST(PopularSource, NamesTheMostPopularItemsThatPass) {
  // Interactions: 0 9 8 7 6 5 4 3 2 1.
  ToyBundle bundle(10);
  PopularSource source(bundle.catalog);
  EncodedUser user;
  ItemFilter filter;
  EXPECT_THAT(source.Retrieve({user, filter, nothing_taken}, 3), ElementsAre(1, 2, 3));
  filter.Exclude(std::vector<ItemRow>{2});
  EXPECT_THAT(source.Retrieve({user, filter, nothing_taken}, 3), ElementsAre(1, 3, 4));
  EXPECT_THAT(source.Retrieve({user, filter, nothing_taken}, 100).size(), 9);
}

TEST(PopularSource, GivesUpEarlyUnderANarrowFilter) {
  ToyBundle bundle(1000);
  const EncodedUser user;
  Roaring allowed;
  allowed.add(900);
  const PopularSource source(bundle.catalog);
  EXPECT_THAT(source.Retrieve({user, ItemFilter(allowed), nothing_taken}, 1), IsEmpty());
  EXPECT_THAT(source.Retrieve({user, ItemFilter(allowed), nothing_taken}, 1000), ElementsAre(900));
}

}  // namespace
}  // namespace shortlist
