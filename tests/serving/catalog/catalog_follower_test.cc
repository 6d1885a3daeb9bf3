#include "serving/catalog/catalog_follower.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "state/state_stores.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

class CatalogFollowerTest : public testing::Test {
 protected:
  static v1::LogEntry Deletion(const std::string& id) {
    v1::LogEntry entry;
    entry.mutable_item()->set_item_id(id);
    entry.mutable_item()->mutable_deletion();
    return entry;
  }
  static v1::LogEntry Hiding(const std::string& id, int64_t until_ms) {
    v1::LogEntry entry;
    entry.mutable_item()->set_item_id(id);
    entry.mutable_item()->set_hidden_until_ms(until_ms);
    return entry;
  }
  void Append(const v1::LogEntry& entry) { ASSERT_TRUE(store_->Append({&entry, 1}).ok()); }
  bool IsVisible(const std::string& id) const {
    const Catalog& catalog = bundles_.Current()->catalog;
    return !catalog.IsHidden(*catalog.FindItem(id));
  }

  const TemporaryFolder folder_;
  const std::unique_ptr<StateStore> store_ =
      OpenStateStore(folder_ / "state.db", StateProjection(), IfMissing::kCreate).value();
  absl::Time now_ = absl::FromUnixMillis(1'000);
  const Clock clock_ = [this] { return now_; };
  BundleRegistry bundles_{SharedTestModels().bundle()};
  LiveCatalog catalog_{bundles_};
};

TEST_F(CatalogFollowerTest, CatchesUpWithWhatAnyProcessRecordedAndReadsItOnce) {
  CatalogFollower follower(*store_, catalog_, clock_);
  ASSERT_TRUE(follower.CatchUp().ok());
  EXPECT_EQ(bundles_.Current(), SharedTestModels().bundle());
  Append(Deletion("i1"));
  EXPECT_TRUE(IsVisible("i1"));
  ASSERT_TRUE(follower.CatchUp().ok());
  EXPECT_FALSE(IsVisible("i1"));
  const auto bundle = bundles_.Current();
  ASSERT_TRUE(follower.CatchUp().ok());
  EXPECT_EQ(bundles_.Current(), bundle);
}

TEST_F(CatalogFollowerTest, ShowsHiddenItemsAgainByTheClock) {
  CatalogFollower follower(*store_, catalog_, clock_);
  Append(Hiding("i1", 2'000));
  ASSERT_TRUE(follower.CatchUp().ok());
  EXPECT_FALSE(IsVisible("i1"));
  now_ = absl::FromUnixMillis(2'000);
  ASSERT_TRUE(follower.CatchUp().ok());
  EXPECT_TRUE(IsVisible("i1"));
}

TEST_F(CatalogFollowerTest, CatchesUpByItselfOnceStarted) {
  CatalogFollower follower(*store_, catalog_, clock_);
  follower.Start(absl::Milliseconds(1));
  Append(Deletion("i1"));
  for (const absl::Time end = absl::Now() + absl::Seconds(60); absl::Now() < end;)
    if (!IsVisible("i1")) break;
  EXPECT_FALSE(IsVisible("i1"));
}

}  // namespace
}  // namespace shortlist
