#include "serving/remote/remote_call.h"

#include <grpcpp/channel.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <string>

#include "serving/rpc/grpc_server.h"
#include "shortlist/v1/ranking.grpc.pb.h"

namespace shortlist {
namespace {

TEST(RemoteStatus, NamesTheServiceUnlessTheErrorIsAboutTheCallersOwnFields) {
  const std::string service = "ranking service at a:1";
  EXPECT_TRUE(RemoteStatus(grpc::Status::OK, service).ok());
  EXPECT_EQ(RemoteStatus({grpc::StatusCode::INVALID_ARGUMENT, "count: is 0"}, service),
            absl::InvalidArgumentError("count: is 0"));
  EXPECT_EQ(RemoteStatus({grpc::StatusCode::UNAVAILABLE, "gone"}, service),
            absl::UnavailableError("ranking service at a:1: gone"));
  EXPECT_FALSE(LacksBundle(absl::FailedPreconditionError("rules")));
  EXPECT_TRUE(LacksBundle(RemoteStatus({grpc::StatusCode::FAILED_PRECONDITION, "no"}, service)));
  // A service that stops cancels what it has under way.
  EXPECT_EQ(RemoteStatus({grpc::StatusCode::CANCELLED, "stopping"}, service),
            absl::UnavailableError("ranking service at a:1: stopping"));
}

TEST(ConnectTo, LeavesConnectingToTheFirstCall) {
  EXPECT_EQ(ConnectTo("127.0.0.1:1", "ranking")->GetState(/*try_to_connect=*/false),
            GRPC_CHANNEL_IDLE);
}

// Once stages were called through the proxy that http_proxy names, as gRPC does even on one
// machine.
TEST(ConnectTo, GoesPastProxies) {
  v1::Ranking::Service service;
  const auto server = GrpcServer::Start("127.0.0.1:0", {{"ranking", &service}}).value();
  ::setenv("http_proxy", "http://127.0.0.1:1", /*overwrite=*/1);
  const auto channel = ConnectTo(server->address(), "ranking");
  EXPECT_TRUE(
      channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::minutes(1)));
  ::unsetenv("http_proxy");
  server->Shutdown(absl::Seconds(5));
}

TEST(CheckAddress, IsOneNameOrSeveralIpAddresses) {
  EXPECT_TRUE(CheckAddress("retrieval.shop:50061").ok());
  EXPECT_TRUE(CheckAddress("[::1]:50061").ok());
  EXPECT_TRUE(CheckAddress("10.0.0.1:50061,10.0.0.2:50061").ok());
  for (const char* wrong : {"retrieval", ":50061", "retrieval:", "a:1,b:2", "10.0.0.1:1,"})
    EXPECT_EQ(CheckAddress(wrong).code(), absl::StatusCode::kInvalidArgument) << wrong;
}

}  // namespace
}  // namespace shortlist
