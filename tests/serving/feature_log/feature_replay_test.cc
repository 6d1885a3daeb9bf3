#include "serving/feature_log/feature_replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "tests/support/feature_log_fixture.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

class FeatureReplayTest : public FeatureLogFixture {};

TEST_F(FeatureReplayTest, WhatHappenedAfterTheRequestDoesNotMatter) {
  const v1::FeatureLogEntry entry = Serve(1, 1)[0];
  states_.change = [](UserState& state) { state.history.push_back({.item_id = "i3"}); };
  EXPECT_TRUE(Replay(entry).ok()) << Replay(entry);
}

TEST_F(FeatureReplayTest, AnotherStateIsNoticedAndTheFeatureNamed) {
  const v1::FeatureLogEntry entry = Serve(1, 1)[0];
  states_.change = [](UserState& state) { state.history[23].item_id = "i3"; };
  EXPECT_THAT(ErrorOfReplay(entry), HasSubstr("for user u5: feature "));
  states_.change = [](UserState& state) { state.history.pop_back(); };
  EXPECT_EQ(ErrorOfReplay(entry), "user u5 had 24 interactions and has 23 now");
  states_.change = [](UserState& state) { state.attributes.clear(); };
  EXPECT_THAT(ErrorOfReplay(entry), HasSubstr("for user u5: "));
}

TEST_F(FeatureReplayTest, TheLastBitOfAValueCounts) {
  v1::FeatureLogEntry entry = Serve(1, 1)[0];
  float& value = (*entry.mutable_features(3)->mutable_values())[2];
  value = std::nextafter(value, 100.0F);
  const std::string& item =
      std::string(SharedTestModels().bundle()->catalog.id(entry.request().item_rows(3)));
  EXPECT_THAT(ErrorOfReplay(entry), HasSubstr("item " + item + " for user u5: feature "));
}

TEST_F(FeatureReplayTest, AnotherBundleIsRefused) {
  const v1::FeatureLogEntry entry = Serve(1, 1)[0];
  EXPECT_THAT(std::string(ReplayFeatures(entry, *OtherTestModels().bundle(), states_).message()),
              HasSubstr("logged with bundle " + SharedTestModels().bundle()->id));
}

TEST_F(FeatureReplayTest, AnEntryThatCannotHaveBeenLoggedIsRefused) {
  const v1::FeatureLogEntry entry = Serve(1, 1)[1];
  auto error_of = [&](const auto& spoil) {
    v1::FeatureLogEntry spoilt = entry;
    spoil(spoilt);
    const absl::Status status = Replay(spoilt);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    return std::string(status.message());
  };
  EXPECT_EQ(error_of([](auto& e) { e.mutable_request()->mutable_scores()->RemoveLast(); }),
            "scores: is not as long as item_rows");
  EXPECT_EQ(error_of([](auto& e) {
              e.mutable_request()->set_sources(1, v1::CANDIDATE_SOURCE_UNSPECIFIED);
            }),
            "sources[1]: is not a candidate source");
  EXPECT_EQ(error_of([](auto& e) { e.mutable_request()->set_item_rows(0, 120); }),
            "row 120 is beyond the catalog");
  EXPECT_EQ(error_of([](auto& e) { e.mutable_features(2)->mutable_values()->RemoveLast(); }),
            "features[2]: indices and values are not equally many");
}

TEST_F(FeatureReplayTest, AHistoryLongerThanAnyIsNotCutToNothing) {
  v1::FeatureLogEntry entry = Serve(1, 1)[0];
  entry.set_history_length(0xFFFFFFFFU);
  EXPECT_EQ(ErrorOfReplay(entry), "user u5 had 4294967295 interactions and has 24 now");
}

TEST_F(FeatureReplayTest, AnotherFeatureSpecIsNoticed) {
  v1::FeatureLogEntry entry = Serve(1, 1)[0];
  entry.set_spec_fingerprint(entry.spec_fingerprint() + 1);
  EXPECT_EQ(ErrorOfReplay(entry), "logged with another feature spec");
}

}  // namespace
}  // namespace shortlist
