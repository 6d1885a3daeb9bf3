#include "serving/rpc/grpc_server.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "grpc/health/v1/health.grpc.pb.h"
#include "serving/rpc/credentials.h"
#include "shortlist/v1/ranking.grpc.pb.h"

namespace shortlist {
namespace {

namespace health = ::grpc::health::v1;

TEST(GrpcServer, ListensOnAFreePortAndSaysOfItsServicesThatTheyServe) {
  v1::Ranking::Service service;
  const auto server = GrpcServer::Start("127.0.0.1:0", {{"ranking", &service}}).value();
  EXPECT_THAT(server->address(), testing::StartsWith("127.0.0.1:"));
  EXPECT_NE(server->address(), "127.0.0.1:0");
  const auto stub =
      health::Health::NewStub(::grpc::CreateChannel(server->address(), CallingCredentials()));
  auto check = [&](const std::string& name, health::HealthCheckResponse& response) {
    ::grpc::ClientContext context;
    health::HealthCheckRequest request;
    request.set_service(name);
    return stub->Check(&context, request, &response).error_code();
  };
  health::HealthCheckResponse response;
  EXPECT_EQ(check("ranking", response), ::grpc::StatusCode::OK);
  EXPECT_EQ(response.status(), health::HealthCheckResponse::SERVING);
  EXPECT_EQ(check("other", response), ::grpc::StatusCode::NOT_FOUND);
  server->Shutdown(absl::Seconds(5));
}

// Once a watcher, as every balancer that checks health has one, held the end of the server up for
// the whole grace: gRPC 1.51 tells it NOT_SERVING and does not end it.
TEST(GrpcServer, EndsWatchesOfItsHealthWhenTheLastCallHasEnded) {
  v1::Ranking::Service service;
  const auto server = GrpcServer::Start("127.0.0.1:0", {{"ranking", &service}}).value();
  const auto stub =
      health::Health::NewStub(::grpc::CreateChannel(server->address(), CallingCredentials()));
  ::grpc::ClientContext context;
  const auto watch = stub->Watch(&context, health::HealthCheckRequest());
  health::HealthCheckResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), health::HealthCheckResponse::SERVING);
  server->Shutdown(absl::Hours(1), [](absl::Duration) {});
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), health::HealthCheckResponse::NOT_SERVING);
  EXPECT_FALSE(watch->Read(&response));
}

// Once such a client was cut off with too_many_pings.
TEST(GrpcServer, LetsClientsPing) {
  v1::Ranking::Service service;
  const auto server = GrpcServer::Start("127.0.0.1:0", {{"ranking", &service}}).value();
  ::grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 1'100);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  const auto stub = health::Health::NewStub(
      ::grpc::CreateCustomChannel(server->address(), CallingCredentials(), arguments));
  ::grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(6));
  const auto watch = stub->Watch(&context, health::HealthCheckRequest());
  health::HealthCheckResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_FALSE(watch->Read(&response));  // After five pings.
  EXPECT_EQ(watch->Finish().error_code(), ::grpc::StatusCode::DEADLINE_EXCEEDED);
  server->Shutdown(absl::Seconds(5));
}

TEST(GrpcServer, NamesAnAddressThatItCannotListenOn) {
  v1::Ranking::Service service;
  const auto server = GrpcServer::Start("127.0.0.1:0", {{"ranking", &service}}).value();
  const absl::Status taken = GrpcServer::Start(server->address(), {}).status();
  EXPECT_EQ(taken.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(taken.message()), testing::HasSubstr(server->address()));
  EXPECT_EQ(GrpcServer::Start("nowhere", {}).status().code(), absl::StatusCode::kInvalidArgument);
  server->Shutdown(absl::Seconds(5));
}

}  // namespace
}  // namespace shortlist
