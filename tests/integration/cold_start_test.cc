// Who is new gets what the configuration has for them, and nobody gets the same again at once: real
// servers over real channels, in one process and split over three, with a real store.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "proto/text_proto.h"
#include "serving/rpc/request_id.h"
#include "serving/server.h"
#include "shortlist/v1/catalog.grpc.pb.h"
#include "shortlist/v1/events.grpc.pb.h"
#include "shortlist/v1/recommender.grpc.pb.h"
#include "tests/support/redis_server.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

// Nobody of whom nothing is known gets anything but what trends and what is new.
constexpr char kCandidates[] = R"(
    newest_attribute: "year"
    segment_attribute: "gender"
    trending_half_life_seconds: 3600
    mixes {
      level: COLD_START_LEVEL_CONTEXT
      sources { source: CANDIDATE_SOURCE_TRENDING share: 0.5 }
      sources { source: CANDIDATE_SOURCE_NEWEST share: 0.5 }
    }
    mixes {
      level: COLD_START_LEVEL_ATTRIBUTES
      sources { source: CANDIDATE_SOURCE_POPULAR_IN_SEGMENT share: 0.5 }
      sources { source: CANDIDATE_SOURCE_TWO_TOWER share: 0.5 }
    })";

class ColdStartTest : public testing::Test {
 protected:
  ColdStartTest() { std::filesystem::copy(SharedTestModels().state_db(), state_); }

  v1::ServerConfig Config(v1::Role role) const {
    v1::ServerConfig config;
    config.set_models_dir(SharedTestModels().folder().string());
    config.set_listen("127.0.0.1:0");
    config.set_budget_ms(60'000);  // However slow the machine.
    config.set_state(state_);
    config.set_role(role);
    if (role == v1::ROLE_ALL || role == v1::ROLE_RETRIEVAL) {
      EXPECT_TRUE(ParseTextProto(kCandidates, "test", *config.mutable_candidates()).ok());
    }
    if (role == v1::ROLE_ALL || role == v1::ROLE_RECOMMEND) {
      v1::FrequencyCap& cap = *config.mutable_impressions()->mutable_frequency_cap();
      cap.set_showings(1);
      cap.set_within_seconds(600);
    }
    return config;
  }
  static std::unique_ptr<Server> Start(const v1::ServerConfig& config) {
    auto server = Server::Start(config);
    EXPECT_TRUE(server.ok()) << server.status();
    return server.ok() ? *std::move(server) : nullptr;
  }
  void StartOne() {
    recommend_ = Start(Config(v1::ROLE_ALL));
    Connect();
  }
  void StartThree() {
    retrieval_ = Start(Config(v1::ROLE_RETRIEVAL));
    ranking_ = Start(Config(v1::ROLE_RANKING));
    v1::ServerConfig config = Config(v1::ROLE_RECOMMEND);
    config.set_retrieval_address(retrieval_->address());
    config.set_ranking_address(ranking_->address());
    recommend_ = Start(config);
    Connect();
  }
  void Connect() {
    channel_ = grpc::CreateChannel(recommend_->address(), grpc::InsecureChannelCredentials());
  }

  v1::RecommendResponse Recommend(const v1::RecommendRequest& request) const {
    v1::RecommendResponse response;
    grpc::ClientContext context;
    const grpc::Status status =
        v1::Recommender::NewStub(channel_)->Recommend(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  void Record(const std::string& item, const std::string& user, int times) const {
    v1::RecordRequest request;
    for (; times > 0; --times) {
      v1::Event& event = *request.add_events();
      event.set_event_id(NewRequestId());
      event.set_user_id(user);
      event.set_item_id(item);
      event.set_type(v1::EVENT_TYPE_CLICK);
    }
    v1::RecordResponse response;
    grpc::ClientContext context;
    const grpc::Status status = v1::Events::NewStub(channel_)->Record(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  static std::map<v1::SourceId, int> Sources(const v1::RecommendResponse& response) {
    std::map<v1::SourceId, int> sources;
    for (const v1::RecommendedItem& item : response.items()) ++sources[item.source()];
    return sources;
  }

  // Ten candidates, all of which are shown.
  static v1::RecommendRequest TenFor(const std::string& user) {
    v1::RecommendRequest request;
    if (user.empty())
      request.mutable_anonymous();
    else
      request.set_user_id(user);
    request.set_count(10);
    request.set_candidate_count(10);
    return request;
  }

  void ExpectLevels() const {
    EXPECT_EQ(Recommend(TenFor("u5")).level(), v1::COLD_START_LEVEL_KNOWN_USER);
    EXPECT_EQ(Recommend(TenFor("")).level(), v1::COLD_START_LEVEL_CONTEXT);
    EXPECT_EQ(Recommend(TenFor("somebody")).level(), v1::COLD_START_LEVEL_CONTEXT);
    Record("i3", "somebody", 1);
    EXPECT_EQ(Recommend(TenFor("somebody")).level(), v1::COLD_START_LEVEL_HISTORY);
    v1::RecommendRequest request = TenFor("");
    request.mutable_anonymous()->add_recent_item_ids("i3");
    EXPECT_EQ(Recommend(request).level(), v1::COLD_START_LEVEL_SESSION);
    request = TenFor("");
    v1::Attribute& attribute = *request.mutable_anonymous()->add_attributes();
    attribute.set_name("gender");
    attribute.add_values("F");
    const v1::RecommendResponse response = Recommend(request);
    EXPECT_EQ(response.level(), v1::COLD_START_LEVEL_ATTRIBUTES);
    EXPECT_EQ(Sources(response)[v1::CANDIDATE_SOURCE_POPULAR_IN_SEGMENT], 5);
    EXPECT_EQ(Sources(response)[v1::CANDIDATE_SOURCE_TWO_TOWER], 5);
  }

  // What is recorded trends within seconds, whoever did it.
  void ExpectTrending() const {
    for (int i = 0; i < 5; ++i) Record("i" + std::to_string(20 + i), "fan", 3);
    std::map<v1::SourceId, int> sources;
    v1::RecommendResponse response;
    for (const absl::Time end = absl::Now() + absl::Seconds(60); absl::Now() < end;) {
      response = Recommend(TenFor(""));
      sources = Sources(response);
      if (sources[v1::CANDIDATE_SOURCE_TRENDING] == 5) break;
    }
    EXPECT_EQ(sources[v1::CANDIDATE_SOURCE_TRENDING], 5);
    EXPECT_EQ(sources[v1::CANDIDATE_SOURCE_NEWEST], 5);
    std::set<std::string> trending;
    for (const v1::RecommendedItem& item : response.items())
      if (item.source() == v1::CANDIDATE_SOURCE_TRENDING) trending.insert(item.item_id());
    EXPECT_EQ(trending, (std::set<std::string>{"i20", "i21", "i22", "i23", "i24"}));
  }

  // Whoever asks again gets what was not shown yet.
  void ExpectNothingTwice() const {
    std::set<std::string> shown;
    size_t count = 0;
    for (int refresh = 0; refresh < 5; ++refresh) {
      const v1::RecommendResponse response = Recommend(TenFor("u7"));
      for (const v1::RecommendedItem& item : response.items()) shown.insert(item.item_id());
      count += static_cast<size_t>(response.items_size());
    }
    EXPECT_EQ(count, 50u);
    EXPECT_EQ(shown.size(), 50u);
  }

  const TemporaryFolder folder_;
  const std::string state_ = folder_ / "state.db";
  std::unique_ptr<Server> retrieval_, ranking_, recommend_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(ColdStartTest, EveryLevelHasItsMixInOneProcess) {
  StartOne();
  ExpectLevels();
  ExpectTrending();
}

TEST_F(ColdStartTest, EveryLevelHasItsMixInThreeProcesses) {
  StartThree();
  ExpectLevels();
  ExpectTrending();
}

TEST_F(ColdStartTest, WhatTrendsIsKnownAfterARestart) {
  StartOne();
  Record("i20", "fan", 3);
  recommend_ = nullptr;
  StartOne();
  const v1::RecommendResponse response = Recommend(TenFor(""));
  EXPECT_EQ(Sources(response)[v1::CANDIDATE_SOURCE_TRENDING], 1);
}

TEST_F(ColdStartTest, ANewItemIsAmongTheNewestAtOnce) {
  StartOne();
  v1::UpsertItemsRequest request;
  request.add_items()->set_item_id("without any attribute");
  v1::UpsertItemsResponse upserted;
  grpc::ClientContext context;
  const grpc::Status status =
      v1::Catalog::NewStub(channel_)->UpsertItems(&context, request, &upserted);
  ASSERT_TRUE(status.ok()) << status.error_message();
  const v1::RecommendResponse response = Recommend(TenFor(""));
  std::set<std::string> newest;
  for (const v1::RecommendedItem& item : response.items())
    if (item.source() == v1::CANDIDATE_SOURCE_NEWEST) newest.insert(item.item_id());
  EXPECT_TRUE(newest.contains("without any attribute"));
}

TEST_F(ColdStartTest, RefreshingAtOnceRepeatsNothing) {
  StartOne();
  ExpectNothingTwice();
  recommend_ = nullptr;
  StartThree();  // The state knows what the process before showed.
  const std::string before = Recommend(TenFor("u7")).items(0).item_id();
  EXPECT_NE(Recommend(TenFor("u7")).items(0).item_id(), before);
}

TEST_F(ColdStartTest, RefreshingAtOnceRepeatsNothingInThreeProcesses) {
  StartThree();
  ExpectNothingTwice();
}

TEST_F(ColdStartTest, AConfigurationThatDoesNotFitDoesNotStart) {
  v1::ServerConfig config = Config(v1::ROLE_ALL);
  config.mutable_candidates()->set_newest_attribute("yeer");
  EXPECT_THAT(std::string(Server::Start(config).status().message()),
              HasSubstr("candidates.newest_attribute: items have no numeric attribute \"yeer\""));
  config = Config(v1::ROLE_ALL);
  config.mutable_candidates()->mutable_mixes(1)->mutable_sources(0)->set_share(0.7);
  EXPECT_THAT(std::string(Server::Start(config).status().message()),
              HasSubstr("candidates.mixes[1].sources: shares sum to 1.2 and not to 1"));
  const RedisServer redis;
  config = Config(v1::ROLE_ALL);
  config.set_state(redis.url());
  EXPECT_THAT(std::string(Server::Start(config).status().message()),
              HasSubstr("candidates.trending_half_life_seconds: redis:"));
}

}  // namespace
}  // namespace shortlist
