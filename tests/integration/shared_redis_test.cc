// Two services on one Redis: what one acknowledged is in the next answer of the other.
//
// By hand, for long: SHORTLIST_ROUNDS=10000 build/release/events_test --gtest_filter='SharedRedis*'

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "serving/server.h"
#include "shortlist/v1/catalog.grpc.pb.h"
#include "shortlist/v1/events.grpc.pb.h"
#include "shortlist/v1/recommender.grpc.pb.h"
#include "tests/support/redis_server.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::Contains;
using ::testing::Not;

constexpr int kRounds = 100;
constexpr int kRoundsOfASession = 10;
constexpr int kRoundsOfAnItem = 20;

int Rounds() {
  const char* const rounds = std::getenv("SHORTLIST_ROUNDS");
  return rounds == nullptr ? kRounds : std::stoi(rounds);
}

// A service of its own, as another process has it.
class Service {
 public:
  explicit Service(const RedisServer& redis) {
    v1::ServerConfig config;
    config.set_models_dir(SharedTestModels().folder().string());
    config.set_listen("127.0.0.1:0");
    config.set_budget_ms(60'000);  // However slow the machine.
    config.set_state(redis.url());
    auto server = Server::Start(config);
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    const auto channel =
        grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials());
    recommender_ = v1::Recommender::NewStub(channel);
    events_ = v1::Events::NewStub(channel);
    catalog_ = v1::Catalog::NewStub(channel);
  }

  std::vector<std::string> Items(const std::string& session) const {
    v1::RecommendRequest request;
    request.set_session_id(session);
    request.set_count(200);
    v1::RecommendResponse response;
    grpc::ClientContext context;
    const grpc::Status status = recommender_->Recommend(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_FALSE(response.state_unavailable());
    std::vector<std::string> ids;
    for (const v1::RecommendedItem& item : response.items()) ids.push_back(item.item_id());
    return ids;
  }
  void Click(const std::string& session, const std::string& item, const std::string& id) const {
    v1::RecordRequest request;
    v1::Event& event = *request.add_events();
    event.set_event_id(id);
    event.set_session_id(session);
    event.set_item_id(item);
    event.set_type(v1::EVENT_TYPE_CLICK);
    v1::RecordResponse response;
    grpc::ClientContext context;
    const grpc::Status status = events_->Record(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  void Upsert(const std::string& item) const {
    v1::UpsertItemsRequest request;
    request.add_items()->set_item_id(item);
    v1::Attribute& attribute = *request.mutable_items(0)->add_attributes();
    attribute.set_name("genre");
    attribute.add_values("Horror");
    v1::UpsertItemsResponse response;
    grpc::ClientContext context;
    const grpc::Status status = catalog_->UpsertItems(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  void Delete(const std::string& item) const {
    v1::DeleteItemsRequest request;
    request.add_item_ids(item);
    v1::DeleteItemsResponse response;
    grpc::ClientContext context;
    const grpc::Status status = catalog_->DeleteItems(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  bool Has(const std::string& item) const {
    const std::vector<std::string> items = Items("who looks");
    return std::find(items.begin(), items.end(), item) != items.end();
  }
  // Within a bound far beyond the second that it may take.
  bool Comes(const std::string& item, bool has) const {
    for (const absl::Time end = absl::Now() + absl::Seconds(60); absl::Now() < end;)
      if (Has(item) == has) return true;
    return false;
  }

 private:
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::Recommender::Stub> recommender_;
  std::unique_ptr<v1::Events::Stub> events_;
  std::unique_ptr<v1::Catalog::Stub> catalog_;
};

TEST(SharedRedis, NoAnswerIsOfBeforeWhatWasAcknowledgedAndNoWithdrawnItemComesBack) {
  const RedisServer redis;
  const std::array<Service, 2> services{Service(redis), Service(redis)};
  std::mt19937 random(1);
  std::vector<std::string> withdrawn;
  absl::Duration longest;
  for (int round = 0; round < Rounds(); ++round) {
    const Service& writer = services[random() % 2];
    const Service& reader = services[random() % 2];
    const std::string session = "s" + std::to_string(round / kRoundsOfASession);
    const std::string best = reader.Items(session).at(0);
    writer.Click(session, best, "e" + std::to_string(round));
    const std::vector<std::string> after = reader.Items(session);
    ASSERT_THAT(after, Not(Contains(best))) << "round " << round;
    for (const std::string& item : withdrawn) ASSERT_THAT(after, Not(Contains(item)));

    if (round % kRoundsOfAnItem != 0) continue;
    const std::string item = "new " + std::to_string(round);
    writer.Upsert(item);
    for (const Service& service : services) ASSERT_TRUE(service.Comes(item, true));
    writer.Delete(item);
    const absl::Time told = absl::Now();
    EXPECT_FALSE(writer.Has(item));
    for (const Service& service : services) ASSERT_TRUE(service.Comes(item, false));
    longest = std::max(longest, absl::Now() - told);
    withdrawn.push_back(item);
  }
  std::cout << "a withdrawn item was gone in every process within " << longest << "\n";
}

}  // namespace
}  // namespace shortlist
