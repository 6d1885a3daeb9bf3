// A recommender over the shared test models, whose stages do what a test says; for the tests of all
// that it does.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "model/bundle_registry.h"
#include "pipeline/configured_rules.h"
#include "pipeline/pipeline.h"
#include "serving/recommender.h"
#include "serving/requests/query_messages.h"
#include "state/sqlite/sqlite_state_store.h"
#include "tests/support/scripted_stages.h"
#include "tests/support/test_models.h"

namespace shortlist {

inline const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

class RecommenderTest : public ::testing::Test {
 protected:
  RecommenderTest() : models_(SharedTestModels()), bundles_(models_.bundle()) {
    auto states = SqliteStateStore::Open(models_.state_db(), StateProjection());
    EXPECT_TRUE(states.ok()) << states.status();
    states_ = *std::move(states);
    request_.set_user_id("u5");
  }

  Recommender MakeRecommender() const {
    rules_.emplace(FromMessage(config_));
    pipeline_.emplace(PipelineParts{.candidates = &candidates_,
                                    .ranking = &ranking_,
                                    .rules = &*rules_,
                                    .degradation = degradation_ ? &*degradation_ : nullptr});
    return Recommender({.bundles = &bundles_, .states = states_.get(), .pipeline = &*pipeline_},
                       clock_);
  }

  absl::Status TryRecommend(v1::RecommendResponse& response) const {
    return MakeRecommender().Recommend(request_, Budget(clock_, kNow + absl::Milliseconds(50)),
                                       response);
  }
  absl::Status ErrorOfRecommend() const {
    v1::RecommendResponse response;
    return TryRecommend(response);
  }
  v1::RecommendResponse Recommend() const {
    v1::RecommendResponse response;
    const absl::Status status = TryRecommend(response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  std::set<std::string> HistoryOf(const std::string& user_id) const {
    std::set<std::string> ids;
    UserState state;
    EXPECT_TRUE(states_->Read(UserKey(user_id), state).ok());
    for (const Interaction& interaction : state.history) ids.insert(interaction.item_id);
    return ids;
  }

  static std::vector<std::string> IdsOf(const v1::RecommendResponse& response) {
    std::vector<std::string> ids;
    for (const v1::RecommendedItem& item : response.items()) ids.push_back(item.item_id());
    return ids;
  }

  const TestModels& models_;
  BundleRegistry bundles_;
  std::unique_ptr<UserStateStore> states_;
  ScriptedCandidateStage candidates_;
  ScriptedRankingStage ranking_;
  v1::ReRanking config_;
  // Of the latest recommender.
  mutable std::optional<ConfiguredRules> rules_;
  mutable std::optional<Degradation> degradation_;  // Of all; none: there is no ladder.
  mutable std::optional<Pipeline> pipeline_;
  mutable absl::Time now_ = kNow;
  const Clock clock_ = [this] { return now_; };
  v1::RecommendRequest request_;
};

}  // namespace shortlist
