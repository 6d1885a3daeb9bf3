// The program itself: its roles as processes of their own, its clients, its orderly end.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <vector>

#include "grpc/health/v1/health.grpc.pb.h"
#include "shortlist/v1/recommender.grpc.pb.h"
#include "tests/support/blocking_retrieval.h"
#include "tests/support/shortlist_program.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace health = ::grpc::health::v1;

grpc::Status Recommend(const std::string& address, const std::string& user,
                       v1::RecommendResponse& response) {
  v1::RecommendRequest request;
  request.set_user_id(user);
  request.mutable_context()->set_time_ms(1'600'000'000'000);
  grpc::ClientContext context;
  return v1::Recommender::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))
      ->Recommend(&context, request, &response);
}

TEST(ServeProcess, ThreeRolesGiveWhatOneProcessGives) {
  ServeProcess one({});
  EXPECT_THAT(one.ready(), HasSubstr(" role all bundle " + SharedTestModels().bundle()->id));
  ServeProcess retrieval({"--role", "retrieval"});
  ServeProcess ranking({"--role", "ranking"});
  ServeProcess recommend(
      {"--role", "recommend", "--retrieval", retrieval.address(), "--ranking", ranking.address()});
  for (int user = 0; user < 10; ++user) {
    v1::RecommendResponse a, b;
    ASSERT_TRUE(Recommend(one.address(), "u" + std::to_string(user), a).ok());
    ASSERT_TRUE(Recommend(recommend.address(), "u" + std::to_string(user), b).ok());
    ASSERT_EQ(a.items_size(), 20);
    ASSERT_EQ(b.items_size(), 20);
    for (int i = 0; i < 20; ++i) {
      EXPECT_EQ(a.items(i).item_id(), b.items(i).item_id());
      EXPECT_NEAR(a.items(i).score(), b.items(i).score(), 1e-5);
    }
  }
  for (ServeProcess* server : {&one, &recommend, &ranking, &retrieval}) {
    server->process().Signal(SIGTERM);
    EXPECT_EQ(server->process().Wait(), 0) << server->process().errors();
  }
}

// How often a process has the file mapped.
size_t Mappings(pid_t pid, const std::filesystem::path& file) {
  std::ifstream maps("/proc/" + std::to_string(pid) + "/maps");
  size_t count = 0;
  for (std::string line; std::getline(maps, line);) count += line.ends_with(file.string());
  return count;
}

// An hour under load showed it: the version that a start began with, and one that a canary had
// looked at, were kept besides.
TEST(ServeProcess, LetsGoOfVersionsThatItServedBefore) {
  const TemporaryFolder folder;
  CopyTestModels(folder.path());
  const std::string first = SharedTestModels().bundle()->version;
  const std::string second = OtherTestModels().bundle()->version;
  ServeProcess server({}, folder.path());
  v1::RecommendResponse response;
  for (const std::string& version : {second, first, second, first, second}) {
    const CommandResult activated =
        RunShortlist({"bundles", "activate", "--version", version, "--server", server.address()});
    ASSERT_EQ(activated.exit_code, 0) << activated.errors;
    ASSERT_TRUE(Recommend(server.address(), "u1", response).ok());
  }
  // The current one, and the one before it.
  const auto mapped = [&](const std::string& version) {
    return Mappings(server.process().pid(), folder / version / kIndexFile);
  };
  // Answers are kept until they are recorded.
  for (const absl::Time end = absl::Now() + absl::Seconds(60);
       mapped(first) + mapped(second) > 2 && absl::Now() < end;)
    ASSERT_TRUE(Recommend(server.address(), "u1", response).ok());
  EXPECT_EQ(mapped(first), 1U);
  EXPECT_EQ(mapped(second), 1U);
}

TEST(ServeProcess, OnSigtermARequestUnderWayFinishes) {
  BlockingRetrieval retrieval(SharedTestModels().bundle());
  ServeProcess ranking({"--role", "ranking"});
  const TemporaryFolder folder;
  const std::string config = folder.Write("server.txtpb",
                                          "role: ROLE_RECOMMEND\n"
                                          "request_timeout_ms: 60000\n"
                                          "shutdown_grace_seconds: 60\n");
  ServeProcess recommend(
      {"--config", config, "--retrieval", retrieval.address(), "--ranking", ranking.address()});
  const auto stub = health::Health::NewStub(
      grpc::CreateChannel(recommend.address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext watch_context;
  const auto watch = stub->Watch(&watch_context, {});
  health::HealthCheckResponse state;
  ASSERT_TRUE(watch->Read(&state));

  v1::RecommendResponse response;
  std::future<grpc::Status> under_way = std::async(
      std::launch::async, [&] { return Recommend(recommend.address(), "u3", response); });
  retrieval.WaitForRequest();
  recommend.process().Signal(SIGTERM);
  // It says that it is going before it waits for the request.
  ASSERT_TRUE(watch->Read(&state));
  EXPECT_EQ(state.status(), health::HealthCheckResponse::NOT_SERVING);
  watch_context.TryCancel();
  retrieval.Release();

  const grpc::Status status = under_way.get();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.items_size(), 20);
  EXPECT_EQ(recommend.process().Wait(), 0) << recommend.process().errors();
}

TEST(PythonClient, PrintsRecommendations) {
  const TemporaryFolder stubs;
  const std::string clients = std::string(SHORTLIST_SOURCE) + "/clients/python/";
  const CommandResult generated = RunProgram({clients + "generate_stubs", stubs.path().string()});
  ASSERT_EQ(generated.exit_code, 0) << generated.errors;
  ServeProcess server({});
  const std::vector<std::string> command = {"/usr/bin/python3", clients + "recommend.py",
                                            "--stubs",          stubs.path().string(),
                                            "--server",         server.address()};
  auto run = [&](const std::vector<std::string>& arguments) {
    std::vector<std::string> all = command;
    all.insert(all.end(), arguments.begin(), arguments.end());
    return RunProgram(all);
  };
  CommandResult result = run({"--user", "u3", "--count", "3", "--filter", "genre=Drama"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("\n  3  Item "));
  EXPECT_THAT(result.output, HasSubstr("RUNG_FULL"));
  result = run({"--items", "i2,i6"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("\n 10  Item "));
  result = run({"--user", "u3", "--count", "0"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("INVALID_ARGUMENT: count: must be 1 to 200, is 0"));
}

}  // namespace
}  // namespace shortlist
