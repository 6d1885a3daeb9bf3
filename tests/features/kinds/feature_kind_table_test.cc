#include "features/kinds/feature_kind_table.h"

#include <set>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(FeatureKindTable, HasEveryKindOfTheContractOnce) {
  std::set<FeatureKind> kinds;
  for (const FeatureKindInfo* info : FeatureKindTable()) {
    EXPECT_TRUE(kinds.insert(info->kind).second) << info->group;
    EXPECT_NE(info->make, nullptr) << info->group;
    EXPECT_EQ(FindFeatureKind(info->kind), info);
    // Values of the request or the item have to come from somewhere.
    if (info->shape == FeatureShape::kCross) {
      EXPECT_TRUE(info->item_attribute) << info->group;
    }
  }
  EXPECT_EQ(kinds.size(), 17u);
  EXPECT_EQ(*kinds.begin(), FeatureKind::kTowerScore);
  EXPECT_EQ(*kinds.rbegin(), FeatureKind::kLikeRate);
  EXPECT_EQ(FindFeatureKind(FeatureKind{200}), nullptr);
}

TEST(AddedFeatureKind, IsTheLastOfTheTableForAsLongAsItLives) {
  const size_t size = FeatureKindTable().size();
  const FeatureKindInfo added{.kind = FeatureKind{200},
                              .group = "added",
                              .shape = FeatureShape::kCandidate,
                              .make = nullptr};
  {
    const AddedFeatureKind kind(added);
    EXPECT_EQ(FindFeatureKind(added.kind), &added);
    EXPECT_EQ(FeatureKindTable().back(), &added);
  }
  EXPECT_EQ(FindFeatureKind(added.kind), nullptr);
  EXPECT_EQ(FeatureKindTable().size(), size);
}

}  // namespace
}  // namespace shortlist
