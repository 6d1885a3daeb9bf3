#include "serving/rpc/grpc_server.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

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
