#include "serving/feature_log/feature_sampler.h"

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
#include "serving/recommender.h"
#include "state/sqlite/sqlite_user_state_store.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

// A user state store whose answers can be changed.
class ChangingStateStore : public UserStateStore {
 public:
  explicit ChangingStateStore(const UserStateStore& states) : states_(states) {}
  std::function<void(UserState&)> change = [](UserState&) {};

  absl::StatusOr<bool> Read(std::string_view user_id, UserState& state) const override {
    absl::StatusOr<bool> known = states_.Read(user_id, state);
    change(state);
    return known;
  }
  absl::Status WriteBatch(std::span<const UserState>) override { return absl::OkStatus(); }

 private:
  const UserStateStore& states_;
};

class FeatureSamplerTest : public testing::Test {
 protected:
  FeatureSamplerTest()
      : store_(SqliteUserStateStore::Open(SharedTestModels().state_db()).value()),
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
          EXPECT_TRUE(recommender.Recommend(request, absl::InfiniteFuture(), response).ok());
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
  std::unique_ptr<SqliteUserStateStore> store_;
  ChangingStateStore states_;
};

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

TEST_F(FeatureSamplerTest, WhatHappenedAfterTheRequestDoesNotMatter) {
  const v1::FeatureLogEntry entry = Serve(1, 1)[0];
  states_.change = [](UserState& state) { state.history.push_back({.item_id = "i3"}); };
  EXPECT_TRUE(Replay(entry).ok()) << Replay(entry);
}

TEST_F(FeatureSamplerTest, AnotherStateIsNoticedAndTheFeatureNamed) {
  const v1::FeatureLogEntry entry = Serve(1, 1)[0];
  states_.change = [](UserState& state) { state.history[23].item_id = "i3"; };
  EXPECT_THAT(ErrorOfReplay(entry), HasSubstr("for user u5: feature "));
  states_.change = [](UserState& state) { state.history.pop_back(); };
  EXPECT_EQ(ErrorOfReplay(entry), "user u5 had 24 interactions and has 23 now");
  states_.change = [](UserState& state) { state.attributes.clear(); };
  EXPECT_THAT(ErrorOfReplay(entry), HasSubstr("for user u5: "));
}

TEST_F(FeatureSamplerTest, TheLastBitOfAValueCounts) {
  v1::FeatureLogEntry entry = Serve(1, 1)[0];
  float& value = (*entry.mutable_features(3)->mutable_values())[2];
  value = std::nextafter(value, 100.0F);
  const std::string& item =
      std::string(SharedTestModels().bundle()->catalog.id(entry.request().item_rows(3)));
  EXPECT_THAT(ErrorOfReplay(entry), HasSubstr("item " + item + " for user u5: feature "));
}

TEST_F(FeatureSamplerTest, AnotherBundleIsRefused) {
  const v1::FeatureLogEntry entry = Serve(1, 1)[0];
  EXPECT_THAT(std::string(ReplayFeatures(entry, *OtherTestModels().bundle(), states_).message()),
              HasSubstr("logged with bundle " + SharedTestModels().bundle()->id));
}

TEST_F(FeatureSamplerTest, AnEntryThatCannotHaveBeenLoggedIsRefused) {
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

TEST_F(FeatureSamplerTest, AHistoryLongerThanAnyIsNotCutToNothing) {
  v1::FeatureLogEntry entry = Serve(1, 1)[0];
  entry.set_history_length(0xFFFFFFFFU);
  EXPECT_EQ(ErrorOfReplay(entry), "user u5 had 4294967295 interactions and has 24 now");
}

TEST_F(FeatureSamplerTest, AnotherFeatureSpecIsNoticed) {
  v1::FeatureLogEntry entry = Serve(1, 1)[0];
  entry.set_spec_fingerprint(entry.spec_fingerprint() + 1);
  EXPECT_EQ(ErrorOfReplay(entry), "logged with another feature spec");
}

TEST_F(FeatureSamplerTest, AFileThatIsCutOffIsNoticed) {
  Serve(1, 1);
  std::filesystem::resize_file(path(), std::filesystem::file_size(path()) - 1);
  std::vector<v1::FeatureLogEntry> entries;
  EXPECT_EQ(Read(entries).message(), path() + ": entry 2 is cut off or none");
  EXPECT_EQ(entries.size(), 1u);
  EXPECT_EQ(FeatureLogReader::Open(folder_ / "nothing").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(FeatureLog::Open(folder_ / "no" / "folder").status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace shortlist
