#include "app/admin/admin_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace shortlist {
namespace {

TEST(AdminClient, WaitsForLongButNotForAServerThatIsNotThere) {
  grpc::ClientContext context;
  PrepareAdminCall(context);
  EXPECT_GT(context.deadline(), std::chrono::system_clock::now() + std::chrono::minutes(20));
  v1::GetStatusResponse response;
  const absl::Status status =
      CallAdmin("127.0.0.1:1", &v1::Admin::Stub::GetStatus, v1::GetStatusRequest(), response);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("127.0.0.1:1"));
}

}  // namespace
}  // namespace shortlist
