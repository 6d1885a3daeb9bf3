// Serves requests with a feature log, and reads it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include "absl/time/clock.h"
#include "model/bundle_registry.h"
#include "pipeline/configured_rules.h"
#include "pipeline/local_candidate_stage.h"
#include "pipeline/local_ranking_stage.h"
#include "pipeline/pipeline.h"
#include "serving/feature_log/feature_log.h"
#include "serving/feature_log/feature_log_reader.h"
#include "serving/feature_log/feature_replay.h"
#include "serving/feature_log/feature_sampler.h"
#include "serving/recommender.h"
#include "state/sqlite/sqlite_state_store.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {

// A user state store whose answers can be changed.
class ChangingStateStore : public UserStateStore {
 public:
  explicit ChangingStateStore(const UserStateStore& states) : states_(states) {}
  std::function<void(UserState&)> change = [](UserState&) {};

  absl::StatusOr<bool> Read(std::string_view key, absl::Time deadline,
                            UserState& state) const override {
    absl::StatusOr<bool> known = states_.Read(key, deadline, state);
    change(state);
    return known;
  }

 private:
  const UserStateStore& states_;
};

class FeatureLogFixture : public testing::Test {
 protected:
  FeatureLogFixture()
      : store_(SqliteStateStore::Open(SharedTestModels().state_db(), StateProjection()).value()),
        states_(*store_) {}

  // Serves requests of u5 and of somebody without an id, `times` times, and reads the log.
  std::vector<v1::FeatureLogEntry> Serve(int interval, int times) {
    {
      auto log = FeatureLog::Open(path());
      EXPECT_TRUE(log.ok()) << log.status();
      FeatureSampler sampler(*std::move(log), interval);
      const BundleRegistry bundles(SharedTestModels().bundle());
      const LocalCandidateStage candidates;
      const LocalRankingStage ranking(&sampler);
      const ConfiguredRules no_rules;
      const Pipeline pipeline({.candidates = &candidates, .ranking = &ranking, .rules = &no_rules});
      const Clock clock = absl::Now;
      const Recommender recommender(
          {.bundles = &bundles, .states = store_.get(), .pipeline = &pipeline}, clock);
      for (int i = 0; i < times; ++i) {
        for (const bool anonymous : {false, true}) {
          v1::RecommendRequest request = request_;
          request.set_user_id("u5");
          if (anonymous) request.mutable_anonymous()->add_recent_item_ids("i7");
          v1::RecommendResponse response;
          EXPECT_TRUE(
              recommender.Recommend(request, Budget(clock, absl::InfiniteFuture()), response).ok());
        }
      }
    }  // Writes what is waiting.
    std::vector<v1::FeatureLogEntry> entries;
    const absl::Status status = Read(entries);
    EXPECT_TRUE(status.ok()) << status;
    return entries;
  }

  absl::Status Read(std::vector<v1::FeatureLogEntry>& entries) const {
    const auto log = FeatureLogReader::Open(path());
    if (!log.ok()) return log.status();
    v1::FeatureLogEntry entry;
    while (true) {
      const absl::StatusOr<bool> more = (*log)->Next(entry);
      if (!more.ok() || !*more) return more.status();
      entries.push_back(entry);
    }
  }

  std::string path() const { return folder_ / "features.log"; }
  absl::Status Replay(const v1::FeatureLogEntry& entry) const {
    return ReplayFeatures(entry, *SharedTestModels().bundle(), states_);
  }
  std::string ErrorOfReplay(const v1::FeatureLogEntry& entry) const {
    return std::string(Replay(entry).message());
  }

  v1::RecommendRequest request_;  // What is asked for besides the user.
  const TemporaryFolder folder_;
  std::unique_ptr<SqliteStateStore> store_;
  ChangingStateStore states_;
};

}  // namespace shortlist
