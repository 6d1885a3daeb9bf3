#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrieval/popular_source.h"
#include "retrieval/similar_to_recent_source.h"
#include "retrieval/two_tower_source.h"
#include "tests/retrieval/toy_bundle.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PopularSource, NamesTheMostPopularItemsThatPass) {
  // Interactions: 0 9 8 7 6 5 4 3 2 1.
  ToyBundle bundle(10);
  PopularSource source(bundle.catalog);
  UserState user;
  ItemFilter filter;
  EXPECT_THAT(source.Retrieve({user, filter, {}}, 3), ElementsAre(1, 2, 3));
  filter.Exclude(std::vector<ItemRow>{2});
  EXPECT_THAT(source.Retrieve({user, filter, {}}, 3), ElementsAre(1, 3, 4));
  EXPECT_THAT(source.Retrieve({user, filter, {}}, 100).size(), 9);
}

TEST(SimilarToRecentSource, NamesTheNeighboursOfTheHistory) {
  ToyBundle bundle(1000);
  SimilarToRecentSource source(bundle.similarity);
  ItemFilter filter;
  UserState user = ToyBundle::UserWith({500});
  EXPECT_THAT(source.Retrieve({user, filter, {}}, 3), ElementsAre(501, 502, 503));
  EXPECT_THAT(source.Retrieve({user, filter, {}}, 100).size(), 10);
  filter.Exclude(std::vector<ItemRow>{502});
  EXPECT_THAT(source.Retrieve({user, filter, {}}, 3), ElementsAre(501, 503, 504));
}

TEST(SimilarToRecentSource, AddsUpNeighboursAndPrefersThoseOfLaterItems) {
  ToyBundle bundle(1000);
  SimilarToRecentSource source(bundle.similarity);
  ItemFilter filter;
  // 103 is a neighbour of both.
  EXPECT_THAT(source.Retrieve({ToyBundle::UserWith({100, 102}), filter, {}}, 1), ElementsAre(103));
  EXPECT_THAT(source.Retrieve({ToyBundle::UserWith({200, 300}), filter, {}}, 1), ElementsAre(301));
  EXPECT_THAT(source.Retrieve({ToyBundle::UserWith({300, 200}), filter, {}}, 1), ElementsAre(201));
}

TEST(SimilarToRecentSource, KnowsNothingWithoutAHistory) {
  ToyBundle bundle(100);
  SimilarToRecentSource source(bundle.similarity);
  UserState user;
  ItemFilter filter;
  EXPECT_THAT(source.Retrieve({user, filter, {}}, 3), IsEmpty());
}

TEST(TwoTowerSource, NamesTheItemsNearestToTheUsersVector) {
  ToyBundle bundle(1000);
  TwoTowerSource source(*bundle.index);
  UserState user;
  ItemFilter filter;
  std::span<const float> vector = bundle.towers.item_embedding(42);
  std::vector<ItemRow> rows = source.Retrieve({user, filter, vector}, 5);
  ASSERT_EQ(rows.size(), 5);
  EXPECT_EQ(rows[0], 42);
}

}  // namespace
}  // namespace shortlist
