// Over a real channel, with a real models folder.

#include "serving/services/admin_service.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "serving/rpc/credentials.h"
#include "serving/rpc/grpc_server.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

class AdminServiceTest : public testing::Test {
 protected:
  AdminServiceTest() {
    for (const auto& [models, version] :
         {std::pair(&SharedTestModels(), "1"), std::pair(&OtherTestModels(), "2")})
      std::filesystem::copy(models->folder() / models->bundle()->version, folder_ / version);
    folder_.Write("CURRENT", "1\n");
    bundles_ = std::make_unique<BundleRegistry>(LoadBundle(folder_ / "1").value());
    catalog_ = std::make_unique<LiveCatalog>(*bundles_);
    follower_ = std::make_unique<BundleFollower>(
        BundleFollower::Parts{.models_dir = folder_.path(),
                              .bundles = bundles_.get(),
                              .catalog = catalog_.get(),
                              .check = {},
                              .canary = [this](const auto&, const auto&) { return canary_; }},
        clock_);
    service_ = std::make_unique<AdminService>(AdminService::Parts{.role = v1::ROLE_RANKING,
                                                                  .models_dir = folder_.path(),
                                                                  .bundles = bundles_.get(),
                                                                  .follower = follower_.get(),
                                                                  .refusals = &refusals_,
                                                                  .recorded = &recorded_,
                                                                  .rungs = &rungs_},
                                              calls_, clock_);
    server_ = GrpcServer::Start("127.0.0.1:0", {{"admin", service_.get()}}).value();
    stub_ = v1::Admin::NewStub(grpc::CreateChannel(server_->address(), CallingCredentials()));
  }
  ~AdminServiceTest() override { server_->Shutdown(absl::Seconds(5)); }

  grpc::Status Activate(const std::string& version, v1::ActivateBundleResponse& response,
                        bool skip_canary = false) const {
    v1::ActivateBundleRequest request;
    request.set_version(version);
    request.set_skip_canary(skip_canary);
    grpc::ClientContext context;
    return stub_->ActivateBundle(&context, request, &response);
  }
  grpc::Status Activate(const std::string& version) const {
    v1::ActivateBundleResponse response;
    return Activate(version, response);
  }
  v1::GetStatusResponse Status() const {
    v1::GetStatusResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(stub_->GetStatus(&context, v1::GetStatusRequest(), &response).ok());
    return response;
  }
  v1::ListBundlesResponse List() const {
    v1::ListBundlesResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(stub_->ListBundles(&context, v1::ListBundlesRequest(), &response).ok());
    return response;
  }

  const TemporaryFolder folder_;
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  const Clock clock_ = [this] { return now_; };
  absl::StatusOr<std::string> canary_ = "all is well";
  RecordedQueries recorded_{4, 1};
  RungLog rungs_;
  Refusals refusals_{"calls"};
  RequestWorkers workers_{2};
  const UnaryCalls calls_{workers_, clock_, {}};
  std::unique_ptr<BundleRegistry> bundles_;
  std::unique_ptr<LiveCatalog> catalog_;
  std::unique_ptr<BundleFollower> follower_;
  std::unique_ptr<AdminService> service_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<v1::Admin::Stub> stub_;
};

TEST_F(AdminServiceTest, SaysWhatTheProcessIsAndServes) {
  recorded_.Offer(Query());
  now_ += absl::Seconds(90);
  const v1::GetStatusResponse status = Status();
  EXPECT_EQ(status.role(), v1::ROLE_RANKING);
  EXPECT_EQ(status.started_ms(), 1'700'000'000'000);
  EXPECT_EQ(status.uptime_ms(), 90'000);
  EXPECT_EQ(status.version(), "1");
  EXPECT_EQ(status.bundle_id(), SharedTestModels().bundle()->id);
  EXPECT_EQ(status.item_count(), 120u);
  EXPECT_EQ(status.previous_version(), "");
  EXPECT_EQ(status.current_version(), "1");
  EXPECT_EQ(status.taking_up_version(), "");
  EXPECT_EQ(status.refused_size(), 0);
  EXPECT_EQ(status.recorded_requests(), 1);
}

TEST_F(AdminServiceTest, CountsTheAnswersOfEachRungAndTheCallsRefused) {
  EXPECT_EQ(Status().rung_answers_size() + Status().refused_calls_size(), 0);
  for (const RungId rung : {kUnrankedRung, kFullRung, kUnrankedRung}) rungs_.OnAnswer(rung, now_);
  refusals_.Count(Refusal::kDeadline, now_);
  const v1::GetStatusResponse status = Status();
  ASSERT_EQ(status.rung_answers_size(), 2);
  EXPECT_EQ(status.rung_answers(0).rung(), v1::RUNG_FULL);
  EXPECT_EQ(status.rung_answers(0).answers(), 1);
  EXPECT_EQ(status.rung_answers(1).rung(), v1::RUNG_UNRANKED);
  EXPECT_EQ(status.rung_answers(1).answers(), 2);
  ASSERT_EQ(status.refused_calls_size(), 1);
  EXPECT_EQ(status.refused_calls(0).reason(), v1::REFUSAL_REASON_DEADLINE);
  EXPECT_EQ(status.refused_calls(0).calls(), 1);
}

TEST_F(AdminServiceTest, ActivatesAndRollsBack) {
  v1::ActivateBundleResponse activated;
  ASSERT_TRUE(Activate("2", activated).ok());
  EXPECT_EQ(activated.version(), "2");
  EXPECT_EQ(activated.bundle_id(), OtherTestModels().bundle()->id);
  EXPECT_EQ(bundles_->Current()->version, "2");
  const v1::ListBundlesResponse list = List();
  ASSERT_EQ(list.bundles_size(), 2);
  EXPECT_EQ(list.bundles(0).version(), "1");
  EXPECT_EQ(list.bundles(0).bundle_id(), SharedTestModels().bundle()->id);
  EXPECT_GT(list.bundles(0).bytes(), 0);
  EXPECT_FALSE(list.bundles(0).current() || list.bundles(0).served());
  EXPECT_TRUE(list.bundles(0).previous());
  EXPECT_TRUE(list.bundles(1).current() && list.bundles(1).served());
  EXPECT_EQ(Status().previous_version(), "1");
  v1::RollBackResponse rolled_back;
  grpc::ClientContext context;
  ASSERT_TRUE(stub_->RollBack(&context, v1::RollBackRequest(), &rolled_back).ok());
  EXPECT_EQ(rolled_back.version(), "1");
  EXPECT_EQ(Status().version(), "1");
  EXPECT_EQ(Status().current_version(), "1");
}

TEST_F(AdminServiceTest, SaysWhyAVersionIsRefused) {
  canary_ = absl::FailedPreconditionError("canary: recall");
  const grpc::Status status = Activate("2");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(), "version 2 is not served: canary: recall");
  EXPECT_EQ(List().bundles(1).refused_reason(), "canary: recall");
  const v1::GetStatusResponse now = Status();
  ASSERT_EQ(now.refused_size(), 1);
  EXPECT_EQ(now.refused(0).version(), "2");
  EXPECT_EQ(now.refused(0).reason(), "canary: recall");
  EXPECT_EQ(now.refused(0).time_ms(), 1'700'000'000'000);
  EXPECT_EQ(now.version(), "1");
  EXPECT_EQ(now.current_version(), "1");
  v1::ActivateBundleResponse response;
  EXPECT_TRUE(Activate("2", response, /*skip_canary=*/true).ok());
  EXPECT_EQ(response.version(), "2");
}

TEST_F(AdminServiceTest, NamesWhatIsWrong) {
  EXPECT_EQ(Activate("9").error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(Activate("9").error_message(), HasSubstr("has no version \"9\""));
  const grpc::Status status = Activate("");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("version: "));
}

}  // namespace
}  // namespace shortlist
