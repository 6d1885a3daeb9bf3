#include "retrieval/sources/similar_to_recent_source.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/toy_bundle.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TakenItems none_taken(0);

TEST(SimilarToRecentSource, NamesTheNeighboursOfTheHistory) {
  ToyBundle bundle(1000);
  SimilarToRecentSource source(bundle.similarity, bundle.catalog);
  ItemFilter filter;
  EncodedUser user = ToyBundle::UserWith({500});
  EXPECT_THAT(source.Retrieve({user, filter, none_taken}, 3), ElementsAre(501, 502, 503));
  EXPECT_THAT(source.Retrieve({user, filter, none_taken}, 100).size(), 10);
  filter.Exclude(std::vector<ItemRow>{502});
  EXPECT_THAT(source.Retrieve({user, filter, none_taken}, 3), ElementsAre(501, 503, 504));
}

TEST(SimilarToRecentSource, AddsUpNeighboursAndPrefersThoseOfLaterItems) {
  ToyBundle bundle(1000);
  SimilarToRecentSource source(bundle.similarity, bundle.catalog);
  ItemFilter filter;
  // 103 is a neighbour of both.
  EXPECT_THAT(source.Retrieve({ToyBundle::UserWith({100, 102}), filter, none_taken}, 1),
              ElementsAre(103));
  EXPECT_THAT(source.Retrieve({ToyBundle::UserWith({200, 300}), filter, none_taken}, 1),
              ElementsAre(301));
  EXPECT_THAT(source.Retrieve({ToyBundle::UserWith({300, 200}), filter, none_taken}, 1),
              ElementsAre(201));
}

TEST(SimilarToRecentSource, KnowsNothingWithoutAHistory) {
  ToyBundle bundle(100);
  SimilarToRecentSource source(bundle.similarity, bundle.catalog);
  EncodedUser user;
  ItemFilter filter;
  EXPECT_THAT(source.Retrieve({user, filter, none_taken}, 3), IsEmpty());
}

}  // namespace
}  // namespace shortlist
