#include "model/live_catalog.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/test_models.h"
#include "tests/support/trained_bundle.h"

namespace shortlist {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

ItemChange Upsert(const std::string& id, const std::string& title) {
  return {.item_id = id, .title = title, .attributes = {{"genre", {"Drama"}}}};
}
ItemChange Hide(const std::string& id, int64_t until_ms) {
  return {.kind = ItemChange::Kind::kHide, .item_id = id, .hidden_until_ms = until_ms};
}
ItemChange Delete(const std::string& id) {
  return {.kind = ItemChange::Kind::kDelete, .item_id = id};
}

// Another bundle with the same content, as far as it matters here.
std::shared_ptr<const Bundle> OtherBundle() {
  static const TemporaryFolder folder;
  static const std::shared_ptr<const Bundle> bundle = [] {
    TrainingOptions options = QuickTrainingOptions();
    options.stages.seed = 2;
    PublishTestBundle(MakeSyntheticDataset(), folder.path(), options);
    return *LoadCurrentBundle(folder.path());
  }();
  return bundle;
}

class LiveCatalogTest : public testing::Test {
 protected:
  void Apply(const std::vector<ItemChange>& changes, int64_t now_ms = 0) {
    ASSERT_TRUE(catalog_.Apply(changes, now_ms).ok());
  }
  static bool IsVisible(const Bundle& bundle, const std::string& id) {
    const auto row = bundle.catalog.FindItem(id);
    return row && !bundle.catalog.IsHidden(*row);
  }
  bool IsVisible(const std::string& id) const { return IsVisible(*bundles_.Current(), id); }

  BundleRegistry bundles_{TrainedBundle()};
  LiveCatalog catalog_{bundles_};
};

TEST_F(LiveCatalogTest, PublishesWhatItIsTold) {
  Apply({});
  EXPECT_EQ(bundles_.Current(), TrainedBundle());
  Apply({Upsert("new", "First"), Upsert("new", "Second"), Delete("i3")});
  const std::shared_ptr<const Bundle> bundle = bundles_.Current();
  EXPECT_EQ(bundle->id, TrainedBundle()->id);
  EXPECT_EQ(bundle->catalog.title(*bundle->catalog.FindItem("new")), "Second");
  EXPECT_EQ(bundle->catalog.item_count(), TrainedBundle()->catalog.item_count() + 1);
  EXPECT_FALSE(IsVisible("i3"));
  EXPECT_EQ(bundles_.Find(bundle->id), bundle);
  EXPECT_EQ(catalog_.size(), 2u);
}

TEST_F(LiveCatalogTest, ShowsItemsAgainWhenTheirTimeHasCome) {
  EXPECT_EQ(catalog_.NextDue(), kNever);
  Apply({Hide("i1", 100), Hide("i2", 50), Hide("unknown", 70)}, /*now_ms=*/10);
  EXPECT_EQ(catalog_.NextDue(), 50);
  EXPECT_FALSE(IsVisible("i1"));
  EXPECT_FALSE(IsVisible("i2"));
  ASSERT_TRUE(catalog_.Refresh(49).ok());
  EXPECT_FALSE(IsVisible("i2"));
  ASSERT_TRUE(catalog_.Refresh(70).ok());
  EXPECT_TRUE(IsVisible("i2"));
  EXPECT_FALSE(IsVisible("i1"));
  EXPECT_EQ(catalog_.NextDue(), 100);
  Apply({Hide("i1", 200)}, 80);
  EXPECT_EQ(catalog_.NextDue(), 200);
  Apply({Hide("i1", 0)}, 80);
  EXPECT_TRUE(IsVisible("i1"));
  EXPECT_EQ(catalog_.NextDue(), kNever);
  Apply({Hide("i1", 90)}, 95);  // Past already.
  EXPECT_TRUE(IsVisible("i1"));
  EXPECT_EQ(catalog_.NextDue(), kNever);
}

TEST_F(LiveCatalogTest, KeepsVectorsForTheNextBundleThatHasAUseForThem) {
  const std::vector<float> vector = {0, 0, 1, 0, 0, 0};
  Apply({{.item_id = "new", .vector = vector}});
  EXPECT_EQ(bundles_.Current()->vectors.dim(), 0u);
  ASSERT_TRUE(catalog_.Replace(VectorTestModels().bundle(), 0).ok());
  const Bundle& bundle = *bundles_.Current();
  const ItemRow row = *bundle.catalog.FindItem("new");
  EXPECT_TRUE(std::ranges::equal(bundle.vectors.vector(row), vector));
  EXPECT_EQ(bundle.catalog.vector_origin(row), VectorOrigin::kFromAttributes);
}

TEST_F(LiveCatalogTest, CarriesChangesOnToTheNextBundleAndKeepsThePreviousOneRight) {
  Apply({Upsert("new", "New"), Delete("i3"), Hide("i4", 1'000)});
  ASSERT_TRUE(catalog_.Replace(OtherBundle(), /*now_ms=*/0).ok());
  EXPECT_EQ(bundles_.Current()->id, OtherBundle()->id);
  EXPECT_TRUE(IsVisible("new"));
  EXPECT_FALSE(IsVisible("i3"));
  EXPECT_FALSE(IsVisible("i4"));

  Apply({Delete("i5"), Upsert("i3", "Back")});
  for (const auto& trained : {TrainedBundle(), OtherBundle()}) {
    const std::shared_ptr<const Bundle> bundle = bundles_.Find(trained->id);
    ASSERT_NE(bundle, nullptr);
    EXPECT_TRUE(IsVisible(*bundle, "new"));
    EXPECT_FALSE(IsVisible(*bundle, "i5"));
    EXPECT_TRUE(IsVisible(*bundle, "i3"));
  }
}

TEST_F(LiveCatalogTest, ANextBundleWithoutChangesIsServedAsItIs) {
  ASSERT_TRUE(catalog_.Replace(OtherBundle(), 0).ok());
  EXPECT_EQ(bundles_.Current(), OtherBundle());
  EXPECT_EQ(bundles_.Find(TrainedBundle()->id), TrainedBundle());
}

TEST_F(LiveCatalogTest, IsRightThroughThousandsOfChangesOfAFewItems) {
  for (int i = 0; i < 12'000; ++i)
    Apply({Upsert("new" + std::to_string(i % 3), "Title " + std::to_string(i))});
  Apply({Delete("new1")});
  const std::shared_ptr<const Bundle> bundle = bundles_.Current();
  // Rows that were replaced are gone now and then.
  EXPECT_LT(bundle->catalog.item_count(), TrainedBundle()->catalog.item_count() + 11'000);
  EXPECT_EQ(bundle->catalog.title(*bundle->catalog.FindItem("new2")), "Title 11999");
  EXPECT_EQ(bundle->catalog.title(*bundle->catalog.FindItem("new0")), "Title 11997");
  EXPECT_FALSE(IsVisible("new1"));
}

}  // namespace
}  // namespace shortlist
