// Servers that are asked for more than they let in, called over real channels.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "grpc/health/v1/health.grpc.pb.h"
#include "serving/rpc/retry_hint.h"
#include "serving/server.h"
#include "shortlist/v1/catalog.grpc.pb.h"
#include "shortlist/v1/events.grpc.pb.h"
#include "shortlist/v1/recommender.grpc.pb.h"
#include "tests/support/blocking_retrieval.h"
#include "tests/support/captured_log.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

namespace health = ::grpc::health::v1;

v1::ServerConfig RoleConfig(v1::Role role) {
  v1::ServerConfig config;
  config.set_models_dir(SharedTestModels().folder().string());
  config.set_listen("127.0.0.1:0");
  config.set_role(role);
  return config;
}

std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address) {
  return grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
}

bool IsHealthy(const std::string& address) {
  grpc::ClientContext context;
  health::HealthCheckResponse response;
  return health::Health::NewStub(OpenChannel(address))->Check(&context, {}, &response).ok() &&
         response.status() == health::HealthCheckResponse::SERVING;
}

bool HasRetryHint(const grpc::ClientContext& context) {
  return context.GetServerTrailingMetadata().count(kRetryHintKey) == 1;
}

// A call that is under way.
struct AsyncCall {
  AsyncCall(v1::Recommender::Stub& stub, grpc::CompletionQueue& queue) {
    v1::RecommendRequest request;
    request.set_user_id("u1");
    reader = stub.AsyncRecommend(&context, request, &queue);
    reader->Finish(&response, &status, this);
  }
  grpc::ClientContext context;
  v1::RecommendResponse response;
  grpc::Status status;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::RecommendResponse>> reader;
};

AsyncCall* Next(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  EXPECT_TRUE(queue.Next(&tag, &ok));
  return static_cast<AsyncCall*>(tag);
}

TEST(Overload, WhatFindsTheQueueFullIsRefusedAtOnceAndTheRestIsAnswered) {
  const CapturedLog log;
  BlockingRetrieval retrieval(SharedTestModels().bundle());
  const auto ranking = Server::Start(RoleConfig(v1::ROLE_RANKING)).value();
  v1::ServerConfig config = RoleConfig(v1::ROLE_RECOMMEND);
  config.set_retrieval_address(retrieval.address());
  config.set_ranking_address(ranking->address());
  const TemporaryFolder folder;
  std::filesystem::copy(SharedTestModels().state_db(), folder.path() / "state.db");
  config.set_state((folder.path() / "state.db").string());
  config.set_worker_threads(1);
  config.mutable_admission()->set_max_queue(1);
  config.set_request_timeout_ms(60'000);
  const auto server = Server::Start(config).value();
  const auto stub = v1::Recommender::NewStub(OpenChannel(server->address()));
  grpc::CompletionQueue queue;
  AsyncCall held(*stub, queue);
  retrieval.WaitForRequest();

  AsyncCall one(*stub, queue), other(*stub, queue);
  AsyncCall* const refused = Next(queue);
  EXPECT_EQ(refused->status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(refused->status.error_message(), HasSubstr("the call would wait"));
  EXPECT_THAT(refused->status.error_message(), HasSubstr("as many calls are queued as may be: 1"));
  EXPECT_TRUE(HasRetryHint(refused->context));
  EXPECT_THAT(log.text(), HasSubstr("calls are refused: the queue was full: 1"));

  // Neither health checks nor events are held up.
  EXPECT_TRUE(IsHealthy(server->address()));
  grpc::ClientContext context;
  v1::RecordRequest record;
  v1::Event& event = *record.add_events();
  event.set_event_id("e1");
  event.set_user_id("u1");
  event.set_item_id("i1");
  event.set_type(v1::EVENT_TYPE_CLICK);
  v1::RecordResponse recorded;
  const grpc::Status status =
      v1::Events::NewStub(OpenChannel(server->address()))->Record(&context, record, &recorded);
  EXPECT_TRUE(status.ok()) << status.error_message();

  retrieval.Release();
  for (int i = 0; i < 2; ++i) {
    const AsyncCall* const call = Next(queue);
    EXPECT_NE(call, refused);
    EXPECT_TRUE(call->status.ok()) << call->status.error_message();
  }
  queue.Shutdown();
}

TEST(Overload, AClientBeyondItsRateIsRefusedOnEveryServiceAndOthersAreNot) {
  v1::ServerConfig config = RoleConfig(v1::ROLE_ALL);
  config.mutable_rate_limit()->set_requests_per_second(0.001);
  config.mutable_rate_limit()->set_burst(2);
  config.mutable_rate_limit()->set_client_metadata_key("x-api-key");
  const auto server = Server::Start(config).value();
  const auto get = [&](const std::string& key) {
    grpc::ClientContext context;
    context.AddMetadata("x-api-key", key);
    v1::GetItemRequest request;
    request.set_item_id("i1");
    v1::GetItemResponse response;
    const grpc::Status status =
        v1::Catalog::NewStub(OpenChannel(server->address()))->GetItem(&context, request, &response);
    EXPECT_EQ(HasRetryHint(context), !status.ok());
    return status;
  };
  EXPECT_TRUE(get("shop").ok());
  EXPECT_TRUE(get("shop").ok());
  const grpc::Status refused = get("shop");
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(refused.error_message(), HasSubstr("a client may make 0.001 calls a second"));
  EXPECT_TRUE(get("news").ok());

  grpc::ClientContext context;
  context.AddMetadata("x-api-key", "shop");
  v1::RecordResponse recorded;
  EXPECT_EQ(v1::Events::NewStub(OpenChannel(server->address()))
                ->Record(&context, v1::RecordRequest(), &recorded)
                .error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(IsHealthy(server->address()));
}

}  // namespace
}  // namespace shortlist
