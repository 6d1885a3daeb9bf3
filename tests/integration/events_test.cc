// What was recorded changes the next answer: a real server over a real channel, with a real store.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "serving/rpc/request_id.h"
#include "serving/server.h"
#include "shortlist/v1/events.grpc.pb.h"
#include "state/state_stores.h"
#include "tests/support/redis_server.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

class EventsTest : public testing::Test {
 protected:
  EventsTest() {
    std::filesystem::copy(SharedTestModels().state_db(), state_);
    config_.set_models_dir(SharedTestModels().folder().string());
    config_.set_listen("127.0.0.1:0");
    config_.set_budget_ms(60'000);  // However slow the machine.
    config_.set_state(state_);
  }

  void Start() {
    server_ = nullptr;
    auto server = Server::Start(config_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials());
  }

  grpc::Status Record(v1::EventType type, const std::string& item,
                      const std::string& user = "u5") const {
    v1::Event event;
    event.set_user_id(user);
    event.set_item_id(item);
    event.set_type(type);
    return Record(event);
  }
  grpc::Status Record(v1::Event event) const {
    event.set_event_id(NewRequestId());
    v1::RecordRequest request;
    *request.add_events() = event;
    v1::RecordResponse response;
    grpc::ClientContext context;
    return v1::Events::NewStub(channel_)->Record(&context, request, &response);
  }

  v1::RecommendResponse Recommend(const v1::RecommendRequest& request) const {
    v1::RecommendResponse response;
    grpc::ClientContext context;
    const grpc::Status status =
        v1::Recommender::NewStub(channel_)->Recommend(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  std::vector<std::string> Items(const v1::RecommendRequest& request) const {
    std::vector<std::string> ids;
    const v1::RecommendResponse response = Recommend(request);
    for (const v1::RecommendedItem& item : response.items()) ids.push_back(item.item_id());
    return ids;
  }
  static v1::RecommendRequest RequestOf(const std::string& user, bool include_seen = false) {
    v1::RecommendRequest request;
    request.set_user_id(user);
    request.set_include_seen(include_seen);
    request.mutable_context()->set_time_ms(1'600'000'000'000);
    return request;
  }

  // Once the server has stopped.
  std::vector<v1::ServedAnswer> RecordedAnswers() {
    server_ = nullptr;
    std::vector<v1::ServedAnswer> answers;
    const auto store = OpenStateStore(state_, StateProjection(), IfMissing::kFail).value();
    EXPECT_TRUE(store
                    ->ReadAll([&](const v1::LogEntry& entry) {
                      if (entry.has_answer()) answers.push_back(entry.answer());
                      return absl::OkStatus();
                    })
                    .ok());
    return answers;
  }

  const TemporaryFolder folder_;
  const std::string state_ = folder_ / "state.db";
  v1::ServerConfig config_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(EventsTest, AnItemThatWasClickedIsNotRecommendedAgain) {
  Start();
  const std::string best = Items(RequestOf("u5"))[0];
  const std::vector<std::string> of_another = Items(RequestOf("u6"));
  ASSERT_TRUE(Record(v1::EVENT_TYPE_CLICK, best).ok());
  EXPECT_THAT(Items(RequestOf("u5")), Not(Contains(best)));
  EXPECT_EQ(Items(RequestOf("u6")), of_another);
}

TEST_F(EventsTest, AnItemThatWasDislikedDoesNotComeBackEvenWithThoseSeen) {
  Start();
  for (const v1::EventType type : {v1::EVENT_TYPE_DISLIKE, v1::EVENT_TYPE_HIDE}) {
    const std::string best = Items(RequestOf("u5", /*include_seen=*/true))[0];
    ASSERT_TRUE(Record(type, best).ok());
    EXPECT_THAT(Items(RequestOf("u5", /*include_seen=*/true)), Not(Contains(best)));
    EXPECT_THAT(Items(RequestOf("u5")), Not(Contains(best)));
  }
}

TEST_F(EventsTest, WhatWasDoneIsHistoryThatTheNextAnswerIsMadeFrom) {
  Start();
  const std::vector<std::string> before = Items(RequestOf("somebody new"));
  for (const char* item : {"i3", "i9", "i15"})
    ASSERT_TRUE(Record(v1::EVENT_TYPE_LIKE, item, "somebody new").ok());
  EXPECT_NE(Items(RequestOf("somebody new")), before);
}

TEST_F(EventsTest, ASessionHasAStateOfItsOwn) {
  Start();
  v1::Event event;
  event.set_session_id("u5");  // Not the user of that name.
  event.set_item_id("i3");
  event.set_type(v1::EVENT_TYPE_CLICK);
  v1::RecommendRequest request;
  request.set_session_id("u5");
  request.set_include_seen(true);
  const std::vector<std::string> before = Items(request);
  const std::vector<std::string> of_user = Items(RequestOf("u5"));
  ASSERT_TRUE(Record(event).ok());
  EXPECT_NE(Items(request), before);
  EXPECT_EQ(Items(RequestOf("u5")), of_user);
}

TEST_F(EventsTest, WhatWasRecordedIsThereAfterARestart) {
  Start();
  const std::string best = Items(RequestOf("u5"))[0];
  ASSERT_TRUE(Record(v1::EVENT_TYPE_CLICK, best).ok());
  Start();
  EXPECT_THAT(Items(RequestOf("u5")), Not(Contains(best)));
}

TEST_F(EventsTest, WhatAnEventIsWorthIsConfigured) {
  v1::WorthRule& rule = *config_.mutable_events()->add_worth();
  rule.set_column("type");
  rule.set_is("not interested");
  rule.set_worth(-1);
  Start();
  const std::string best = Items(RequestOf("u5", /*include_seen=*/true))[0];
  v1::Event event;
  event.set_user_id("u5");
  event.set_item_id(best);
  event.set_type(v1::EVENT_TYPE_CUSTOM);
  event.set_custom_type("not interested");
  ASSERT_TRUE(Record(event).ok());
  EXPECT_THAT(Items(RequestOf("u5", /*include_seen=*/true)), Not(Contains(best)));
  event.set_custom_type("bored");
  EXPECT_EQ(Record(event).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(EventsTest, AnswersAreRecordedByTheTimeTheServerHasStopped) {
  Start();
  const v1::RecommendResponse of_user = Recommend(RequestOf("u5"));
  v1::RecommendRequest session;
  session.set_session_id("s");
  session.mutable_context()->set_device("phone");
  const v1::RecommendResponse of_session = Recommend(session);
  v1::RecommendRequest anonymous;
  anonymous.mutable_anonymous()->add_recent_item_ids("i3");
  Recommend(anonymous);

  const std::vector<v1::ServedAnswer> answers = RecordedAnswers();
  ASSERT_EQ(answers.size(), 2u);  // Of nobody in particular nothing is recorded.
  EXPECT_EQ(answers[0].user_id(), "u5");
  EXPECT_EQ(answers[0].request_id(), of_user.request_id());
  EXPECT_EQ(answers[0].bundle_id(), of_user.bundle_id());
  ASSERT_EQ(answers[0].items_size(), of_user.items_size());
  for (int i = 0; i < of_user.items_size(); ++i) {
    EXPECT_EQ(answers[0].items(i).item_id(), of_user.items(i).item_id());
    EXPECT_EQ(answers[0].items(i).score(), of_user.items(i).score());
    EXPECT_EQ(answers[0].items(i).propensity(), 1);
  }
  EXPECT_EQ(answers[1].session_id(), "s");
  EXPECT_EQ(answers[1].request_id(), of_session.request_id());
  EXPECT_EQ(answers[1].context().device(), "phone");
}

TEST_F(EventsTest, AnswersAreNotRecordedWhereTheConfigurationSaysSo) {
  config_.mutable_events()->set_skip_served_answers(true);
  Start();
  Recommend(RequestOf("u5"));
  EXPECT_THAT(RecordedAnswers(), IsEmpty());
}

TEST_F(EventsTest, AnIdleStreamDoesNotHoldUpTheEndOfTheServer) {
  config_.set_shutdown_grace_seconds(3'600);
  Start();
  grpc::ClientContext context;
  const auto stream = v1::Events::NewStub(channel_)->RecordStream(&context);
  v1::RecordRequest request;
  v1::Event& event = *request.add_events();
  event.set_event_id("a");
  event.set_user_id("u5");
  event.set_item_id("i3");
  event.set_type(v1::EVENT_TYPE_CLICK);
  v1::RecordResponse response;
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->Read(&response));
  server_->Shutdown();
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(EventsTest, WhatIsBeyondTheBoundsLeavesTheLogAndChangesNoAnswer) {
  Start();
  const std::string item = Items(RequestOf("u5"))[0];
  ASSERT_TRUE(Record(v1::EVENT_TYPE_DISLIKE, item).ok());
  config_.mutable_events()->set_keep_bytes(1);
  Start();
  const auto is_empty = [&] {
    bool is_empty = true;
    const auto log = OpenStateStore(state_, StateProjection(), IfMissing::kFail).value();
    EXPECT_TRUE(log->ReadAll([&](const v1::LogEntry& /*entry*/) {
                     is_empty = false;
                     return absl::OkStatus();
                   })
                    .ok());
    return is_empty;
  };
  while (!is_empty()) std::this_thread::yield();
  EXPECT_THAT(Items(RequestOf("u5", /*include_seen=*/true)), Not(Contains(item)));
}

TEST_F(EventsTest, AStoreThatCannotBeBoundedIsNotStarted) {
  const RedisServer redis;
  config_.set_state(redis.url());
  config_.mutable_events()->set_keep_days(30);
  EXPECT_EQ(Server::Start(config_).status(),
            absl::InvalidArgumentError(
                "events.keep_days: this kind of state store keeps its log whole; leave the bound "
                "out, or keep the state in a SQLite file"));
}

}  // namespace
}  // namespace shortlist
