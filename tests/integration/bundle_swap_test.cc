// Another bundle is taken up while requests are answered: real servers in both shapes, over real
// channels, each with a models folder of its own, so that they take it up one after the other.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "model/manifest.h"
#include "serving/server.h"
#include "shortlist/v1/admin.grpc.pb.h"
#include "shortlist/v1/recommender.grpc.pb.h"
#include "tests/support/damage/patched_array.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

// A server and its models folder, which has both bundles.
class Swapped {
 public:
  explicit Swapped(v1::Role role, const Swapped* retrieval = nullptr,
                   const Swapped* ranking = nullptr, v1::ServerConfig config = {}) {
    CopyTestModels(folder_.path());
    config.set_models_dir(folder_.path().string());
    config.set_listen("127.0.0.1:0");
    config.set_budget_ms(60'000);  // However slow the machine.
    config.set_role(role);
    if (retrieval != nullptr) config.set_retrieval_address(retrieval->server().address());
    if (ranking != nullptr) config.set_ranking_address(ranking->server().address());
    auto server = Server::Start(config);
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  const Server& server() const { return *server_; }
  void Name(const std::string& version) {
    folder_.Write("CURRENT", version + "\n");
    server_->Reload();
  }
  absl::Status CatchUp() { return server_->CatchUp(); }
  // Puts a later version there, whose ranker says the same of all items; returns its name.
  std::string AddWorthless() const {
    const std::string version = "9";
    std::filesystem::copy(folder_ / SharedTestModels().bundle()->version, folder_ / version);
    PatchArray<float>(folder_ / version / kRankerFile, "weights",
                      [](std::span<float> weights) { std::ranges::fill(weights, 0.0F); });
    EXPECT_TRUE(WriteManifest(folder_ / version).ok());
    return version;
  }
  v1::GetStatusResponse Status() const {
    v1::GetStatusResponse response;
    grpc::ClientContext context;
    const auto channel =
        grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials());
    const grpc::Status status =
        v1::Admin::NewStub(channel)->GetStatus(&context, v1::GetStatusRequest(), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

 private:
  const TemporaryFolder folder_;
  std::unique_ptr<Server> server_;
};

class BundleSwapTest : public testing::Test {
 protected:
  // The bundle of an answer, which must be one.
  static std::string Answer(const Server& server) {
    v1::RecommendRequest request;
    request.set_user_id("u5");
    v1::RecommendResponse response;
    grpc::ClientContext context;
    const auto channel = grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials());
    const grpc::Status status =
        v1::Recommender::NewStub(channel)->Recommend(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_GT(response.items_size(), 0);
    return response.bundle_id();
  }
  // Has `swapped` take up the other bundle, while `front` answers.
  static void Swap(Swapped& swapped, const Server& front) {
    const std::string before = swapped.server().bundle()->id;
    const TestModels& next = before == First().bundle()->id ? Second() : First();
    swapped.Name(next.bundle()->version);
    for (const absl::Time end = absl::Now() + absl::Seconds(60);
         swapped.server().bundle()->id == before && absl::Now() < end && !HasFailure();)
      EXPECT_THAT(Answer(front), AnyOf(First().bundle()->id, Second().bundle()->id));
    EXPECT_EQ(swapped.server().bundle()->id, next.bundle()->id);
  }

  static const TestModels& First() { return SharedTestModels(); }
  static const TestModels& Second() { return OtherTestModels(); }
};

TEST_F(BundleSwapTest, OneProcessAnswersFromOneOrTheOther) {
  Swapped all(v1::ROLE_ALL);
  EXPECT_EQ(Answer(all.server()), First().bundle()->id);
  Swap(all, all.server());
  EXPECT_EQ(Answer(all.server()), Second().bundle()->id);
}

TEST_F(BundleSwapTest, RolesTakeItUpInAnyOrderAndNoRequestFails) {
  Swapped retrieval(v1::ROLE_RETRIEVAL), ranking(v1::ROLE_RANKING);
  Swapped recommend(v1::ROLE_RECOMMEND, &retrieval, &ranking);
  const std::vector<std::vector<Swapped*>> orders = {{&retrieval, &ranking, &recommend},
                                                     {&recommend, &retrieval, &ranking},
                                                     {&ranking, &recommend, &retrieval}};
  for (const std::vector<Swapped*>& order : orders) {
    for (Swapped* swapped : order) {
      Swap(*swapped, recommend.server());
      EXPECT_THAT(Answer(recommend.server()), AnyOf(First().bundle()->id, Second().bundle()->id));
    }
    EXPECT_EQ(Answer(recommend.server()), recommend.server().bundle()->id);
  }
}

TEST_F(BundleSwapTest, ABundleThatFailsItsCanaryIsRefusedAndTheReasonShown) {
  Swapped all(v1::ROLE_ALL);
  for (int i = 0; i < 5; ++i) Answer(all.server());
  EXPECT_EQ(all.Status().recorded_requests(), 5);
  ASSERT_EQ(all.Status().rung_answers_size(), 1);
  EXPECT_EQ(all.Status().rung_answers(0).rung(), v1::RUNG_FULL);
  EXPECT_EQ(all.Status().rung_answers(0).answers(), 5);
  const std::string version = all.AddWorthless();
  all.Name(version);
  EXPECT_THAT(std::string(all.CatchUp().message()), HasSubstr("all items have the same score"));
  EXPECT_EQ(Answer(all.server()), First().bundle()->id);
  const v1::GetStatusResponse status = all.Status();
  ASSERT_EQ(status.refused_size(), 1);
  EXPECT_EQ(status.refused(0).version(), version);
  EXPECT_THAT(status.refused(0).reason(), HasSubstr("all items have the same score"));
  EXPECT_EQ(status.version(), First().bundle()->version);
}

TEST_F(BundleSwapTest, RolesAnswerOnFromTheBundleThatAllHaveWhereOneRefusesTheNext) {
  Swapped retrieval(v1::ROLE_RETRIEVAL), ranking(v1::ROLE_RANKING);
  Swapped recommend(v1::ROLE_RECOMMEND, &retrieval, &ranking);
  Answer(recommend.server());
  EXPECT_EQ(retrieval.Status().recorded_requests(), 1);
  EXPECT_EQ(ranking.Status().recorded_requests(), 1);
  EXPECT_EQ(recommend.Status().recorded_requests(), 0);
  for (Swapped* swapped : {&retrieval, &ranking, &recommend})
    swapped->Name(swapped->AddWorthless());
  // Whose index is as good as before.
  EXPECT_TRUE(retrieval.CatchUp().ok());
  EXPECT_TRUE(recommend.CatchUp().ok());
  EXPECT_THAT(std::string(ranking.CatchUp().message()), HasSubstr("all items have the same score"));
  EXPECT_EQ(recommend.Status().version(), "9");
  EXPECT_EQ(ranking.Status().version(), First().bundle()->version);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Answer(recommend.server()), First().bundle()->id);
}

TEST_F(BundleSwapTest, ABundleThatTheRulesDoNotFitIsNotTakenUp) {
  v1::ServerConfig config;
  config.mutable_re_ranking()->mutable_value_function()->set_liked_worth(2);
  Swapped all(v1::ROLE_ALL, nullptr, nullptr, config);
  all.Name(Second().bundle()->version);  // Has no head for liked items.
  EXPECT_EQ(all.CatchUp().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Answer(all.server()), First().bundle()->id);
}

}  // namespace
}  // namespace shortlist
