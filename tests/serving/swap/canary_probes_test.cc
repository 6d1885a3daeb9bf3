#include "serving/swap/canary_probes.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

TEST(CanaryProbes, AreOfUsersWithDifferentPopularItems) {
  const Bundle& bundle = *SharedTestModels().bundle();
  const std::vector<Query> probes = CanaryProbes(bundle, bundle, 10, 1'700'000'000'000);
  ASSERT_EQ(probes.size(), 10u);
  std::set<std::string> first_items;
  for (const Query& probe : probes) {
    EXPECT_EQ(probe.context.time_ms, 1'700'000'000'000);
    ASSERT_EQ(probe.user.history.size(), 5u);
    for (const Interaction& interaction : probe.user.history) {
      EXPECT_TRUE(bundle.catalog.FindItem(interaction.item_id)) << interaction.item_id;
      EXPECT_LT(interaction.time_ms, probe.context.time_ms);
    }
    first_items.insert(probe.user.history.front().item_id);
  }
  EXPECT_EQ(first_items.size(), 10u);
  EXPECT_EQ(probes.front().user.history.front().item_id,
            bundle.catalog.id(bundle.catalog.most_popular().front()));
}

}  // namespace
}  // namespace shortlist
