#include "serving/feature_log/logged_features.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/live_bundle.h"
#include "serving/requests/stage_messages.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

TEST(LoggedFeatures, AreThoseThatTheRankerSees) {
  const std::shared_ptr<const Bundle> bundle = SharedTestModels().bundle();
  Query query;
  query.user.history = {{.item_id = "i2"}, {.item_id = "i6"}};
  query.context.time_ms = 1'600'000'000'000;
  BoundQuery bound(query, bundle);
  const std::vector<Candidate> candidates = {{3, 0.5F, SourceId::kTwoTower},
                                             {9, 0.25F, SourceId::kPopular}};
  v1::FeatureLogEntry entry;
  ToMessage(bound, candidates, *entry.mutable_request());
  ComputeLoggedFeatures(*bundle, entry);
  EXPECT_EQ(entry.spec_fingerprint(), bundle->extractor->spec().Fingerprint());
  ASSERT_EQ(entry.features_size(), 2);
  const auto request = bundle->extractor->Begin(bound.user(), bound.context(), candidates);
  std::vector<FeatureValue> values;
  for (int i = 0; i < 2; ++i) {
    bundle->extractor->Compute(request, static_cast<size_t>(i), values);
    ASSERT_EQ(entry.features(i).indices_size(), static_cast<int>(values.size()));
    for (int v = 0; v < entry.features(i).indices_size(); ++v) {
      EXPECT_EQ(entry.features(i).indices(v), values[static_cast<size_t>(v)].index);
      EXPECT_EQ(entry.features(i).values(v), values[static_cast<size_t>(v)].value);
    }
  }
}

TEST(LoggedFeatures, CannotBeReplayedWhereAnItemCameAfterTraining) {
  const auto live = LiveBundle::Make(SharedTestModels().bundle()).value();
  const ItemState changed{.presence = ItemState::Presence::kUpserted, .title = "Changed"};
  const std::vector<LiveBundle::Item> items = {{"i2", &changed}, {"new", &changed}};
  const auto bundle = live->Apply(items, 0).value();
  const auto can_be_replayed = [&](const std::string& history, ItemRow candidate) {
    Query query;
    query.user.history = {{.item_id = history}};
    v1::FeatureLogEntry entry;
    const std::vector<Candidate> candidates = {{candidate, 0.5F, SourceId::kTwoTower}};
    ToMessage(BoundQuery(query, bundle), candidates, *entry.mutable_request());
    return CanBeReplayed(*bundle, entry);
  };
  EXPECT_TRUE(can_be_replayed("i3", 4));
  EXPECT_FALSE(can_be_replayed("i2", 4));
  EXPECT_FALSE(can_be_replayed("i3", *bundle->catalog.FindItem("new")));
}

}  // namespace
}  // namespace shortlist
