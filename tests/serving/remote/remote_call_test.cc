#include "serving/remote/remote_call.h"

#include <grpcpp/channel.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(RemoteStatus, NamesTheServiceUnlessTheErrorIsAboutTheCallersOwnFields) {
  const std::string service = "ranking service at a:1";
  EXPECT_TRUE(RemoteStatus(grpc::Status::OK, service).ok());
  EXPECT_EQ(RemoteStatus({grpc::StatusCode::INVALID_ARGUMENT, "count: is 0"}, service),
            absl::InvalidArgumentError("count: is 0"));
  EXPECT_EQ(RemoteStatus({grpc::StatusCode::UNAVAILABLE, "gone"}, service),
            absl::UnavailableError("ranking service at a:1: gone"));
}

TEST(ConnectTo, LeavesConnectingToTheFirstCall) {
  EXPECT_EQ(ConnectTo("127.0.0.1:1")->GetState(/*try_to_connect=*/false), GRPC_CHANNEL_IDLE);
}

}  // namespace
}  // namespace shortlist
