#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrieval/sources/popular_source.h"
#include "retrieval/sources/similar_to_recent_source.h"
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

TEST(SimilarToRecentSource, NamesTheNeighboursOfTheHistory) {
  ToyBundle bundle(1000);
  SimilarToRecentSource source(bundle.similarity);
  ItemFilter filter;
  EncodedUser user = ToyBundle::UserWith({500});
  EXPECT_THAT(source.Retrieve({user, filter, nothing_taken}, 3), ElementsAre(501, 502, 503));
  EXPECT_THAT(source.Retrieve({user, filter, nothing_taken}, 100).size(), 10);
  filter.Exclude(std::vector<ItemRow>{502});
  EXPECT_THAT(source.Retrieve({user, filter, nothing_taken}, 3), ElementsAre(501, 503, 504));
}

TEST(SimilarToRecentSource, AddsUpNeighboursAndPrefersThoseOfLaterItems) {
  ToyBundle bundle(1000);
  SimilarToRecentSource source(bundle.similarity);
  ItemFilter filter;
  // 103 is a neighbour of both.
  EXPECT_THAT(source.Retrieve({ToyBundle::UserWith({100, 102}), filter, nothing_taken}, 1),
              ElementsAre(103));
  EXPECT_THAT(source.Retrieve({ToyBundle::UserWith({200, 300}), filter, nothing_taken}, 1),
              ElementsAre(301));
  EXPECT_THAT(source.Retrieve({ToyBundle::UserWith({300, 200}), filter, nothing_taken}, 1),
              ElementsAre(201));
}

TEST(CandidateSources, PassOverWhatIsTaken) {
  ToyBundle bundle(1000);
  const ItemFilter filter;
  const EncodedUser user = ToyBundle::UserWith({500});
  TakenItems taken(2);
  taken[1] = taken[502] = true;
  EXPECT_THAT(SimilarToRecentSource(bundle.similarity).Retrieve({user, filter, taken}, 3),
              ElementsAre(501, 503, 504));
  EXPECT_THAT(PopularSource(ToyBundle(10).catalog).Retrieve({user, filter, taken}, 2),
              ElementsAre(2, 3));
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

TEST(SimilarToRecentSource, KnowsNothingWithoutAHistory) {
  ToyBundle bundle(100);
  SimilarToRecentSource source(bundle.similarity);
  EncodedUser user;
  ItemFilter filter;
  EXPECT_THAT(source.Retrieve({user, filter, nothing_taken}, 3), IsEmpty());
}

}  // namespace
}  // namespace shortlist
