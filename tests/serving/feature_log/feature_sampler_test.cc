#include "serving/feature_log/feature_sampler.h"

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

class FeatureSamplerTest : public FeatureLogFixture {};

TEST_F(FeatureSamplerTest, WhatWasServedIsComputedAgainFromStateAndCatalogBitForBit) {
  const std::vector<v1::FeatureLogEntry> entries = Serve(/*interval=*/1, /*times=*/1);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].request().user().user_id(), "u5");
  EXPECT_EQ(entries[0].request().user().history_size(), 0);  // It is in the state store.
  EXPECT_EQ(entries[0].history_length(), 24u);
  EXPECT_EQ(entries[0].features_size(), 120 - 24);
  EXPECT_EQ(entries[1].request().user().history_size(), 1);
  for (const v1::FeatureLogEntry& entry : entries) EXPECT_TRUE(Replay(entry).ok()) << Replay(entry);
}

TEST_F(FeatureSamplerTest, TakesEverySoManyethRequest) {
  EXPECT_EQ(Serve(/*interval=*/5, /*times=*/3).size(), 2u);  // The first and the sixth of six.
}

TEST_F(FeatureSamplerTest, AnEntryThatTheDiskHasNoRoomForLeavesNoPartOfItself) {
  ASSERT_EQ(Serve(/*interval=*/2, /*times=*/1).size(), 1u);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit full = before;
  full.rlim_cur = std::filesystem::file_size(path()) + 100;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  const size_t entries = Serve(/*interval=*/2, /*times=*/1).size();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(entries, 1u);
  EXPECT_EQ(Serve(/*interval=*/2, /*times=*/1).size(), 2u);
}

TEST_F(FeatureSamplerTest, ARequestThatIsExplainedAfterReRankingIsLoggedOnce) {
  request_.set_explain(true);
  request_.mutable_re_ranking()->set_diversity(0.5F);
  const std::vector<v1::FeatureLogEntry> entries = Serve(/*interval=*/1, /*times=*/1);
  ASSERT_EQ(entries.size(), 2u);
  for (const v1::FeatureLogEntry& entry : entries) EXPECT_TRUE(Replay(entry).ok()) << Replay(entry);
}

}  // namespace
}  // namespace shortlist
