#include "retrieval/sources/trending_source.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/toy_bundle.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TrendingSource, NamesWhatTrendsAndPasses) {
  const ToyBundle bundle(10);
  const TrendingSource source(bundle.catalog);
  const EncodedUser user;
  TakenItems taken(1);
  taken[4] = true;
  ItemFilter filter;
  filter.Exclude(std::vector<ItemRow>{6});
  EXPECT_THAT(source.Retrieve({user, filter, taken}, 5), IsEmpty());

  TrendingItems trending(absl::Hours(1));
  const SourceSettings settings{.trending = &trending};
  const char* const ids[] = {"item-7", "not in the catalog", "item-6", "item-4", "item-2",
                             "item-1"};
  float worth = 10;
  for (const char* id : ids) trending.Add(id, 1'000, worth--);
  trending.Publish();
  EXPECT_THAT(source.Retrieve({user, filter, taken, settings}, 5), ElementsAre(7, 2, 1));
  EXPECT_THAT(source.Retrieve({user, filter, taken, settings}, 2), ElementsAre(7, 2));
}

}  // namespace
}  // namespace shortlist
