// The program itself: its roles as processes of their own, its clients, its orderly end.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <future>
#include <string>
#include <vector>

#include "grpc/health/v1/health.grpc.pb.h"
#include "nlohmann/json.hpp"
#include "shortlist/v1/recommender.grpc.pb.h"
#include "tests/support/blocking_retrieval.h"
#include "tests/support/child_process.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace health = ::grpc::health::v1;

// A `shortlist serve` process that is ready.
class ServeProcess {
 public:
  explicit ServeProcess(std::vector<std::string> arguments)
      : process_(WithProgram(std::move(arguments))), ready_(process_.ReadLine()) {
    EXPECT_THAT(ready_, StartsWith("listening on 127.0.0.1:")) << process_.errors();
    const size_t begin = std::string("listening on ").size();
    address_ = ready_.substr(begin, ready_.find(' ', begin) - begin);
  }

  const std::string& ready() const { return ready_; }
  const std::string& address() const { return address_; }
  ChildProcess& process() { return process_; }

 private:
  static std::vector<std::string> WithProgram(std::vector<std::string> arguments) {
    std::vector<std::string> all = {SHORTLIST_PROGRAM, "serve",
                                    "--models",        SharedTestModels().folder().string(),
                                    "--listen",        "127.0.0.1:0"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
  }

  ChildProcess process_;
  std::string ready_;
  std::string address_;
};

struct CommandResult {
  int exit_code;
  std::string output;
  std::string errors;
};

CommandResult RunProgram(const std::vector<std::string>& arguments) {
  ChildProcess process(arguments);
  CommandResult result;
  result.output = process.ReadAll();
  result.exit_code = process.Wait();
  result.errors = process.errors();
  return result;
}

CommandResult RunShortlist(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), SHORTLIST_PROGRAM);
  return RunProgram(arguments);
}

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

TEST(ServeProcess, RefusesToStartWithADamagedFileAndNamesIt) {
  const TemporaryFolder copy;
  const std::filesystem::path models = copy / "models";
  std::filesystem::copy(SharedTestModels().folder(), models,
                        std::filesystem::copy_options::recursive);
  const std::filesystem::path file = models / SharedTestModels().bundle()->version / kTowersFile;
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  const CommandResult result =
      RunShortlist({"serve", "--models", models.string(), "--listen", "127.0.0.1:0"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.output, "");
  EXPECT_THAT(result.errors, HasSubstr(file.string()));
}

TEST(ServeProcess, RefusesAConfigurationWithAFieldThatItDoesNotKnow) {
  const TemporaryFolder folder;
  const std::string config = folder.Write("server.txtpb", "models_dir: \"x\"\n\nprot: 7\n");
  const CommandResult result = RunShortlist({"serve", "--config", config});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr(config + ":3:"));
  EXPECT_THAT(result.errors, HasSubstr("\"prot\""));
}

TEST(RecommendCommand, PrintsTitlesScoresAndReasons) {
  ServeProcess server({});
  const CommandResult result = RunShortlist(
      {"recommend", "--server", server.address(), "--user", "u3", "--count", "4", "--filter",
       "genre=Western", "--filter", "year=1990..2010", "--filter", "!year=1994", "--explain"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("title"));
  EXPECT_THAT(result.output, HasSubstr("because"));
  EXPECT_THAT(result.output, HasSubstr("Item "));
  EXPECT_THAT(result.output, HasSubstr("\n4  "));
  EXPECT_THAT(result.output, ::testing::Not(HasSubstr("\n5  ")));
  EXPECT_THAT(result.output,
              HasSubstr("bundle " + SharedTestModels().bundle()->id.substr(0, 8) + ", RUNG_FULL"));
}

TEST(RecommendCommand, PrintsWhichRulesMovedAnItem) {
  ServeProcess server({});
  const CommandResult result = RunShortlist(
      {"recommend", "--server", server.address(), "--items", "i3", "--count", "6", "--pin", "i6@2",
       "--limit", "genre=2", "--diversity", "0.2", "--boost", "genre=Drama:0.5"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("moved"));
  EXPECT_THAT(result.output, ::testing::ContainsRegex("2  Item 6 .* pinned"));
  EXPECT_THAT(result.output, HasSubstr("at most 2 per genre"));
}

TEST(RecommendCommand, PrintsHowLikelyItemsAreToBeLikedAndWhy) {
  ServeProcess server({});
  const std::vector<std::string> ask = {"recommend", "--server", server.address(),
                                        "--user",    "u3",       "--explain"};
  EXPECT_THAT(RunShortlist(ask).output, ::testing::Not(HasSubstr("chance  liked")));
  std::vector<std::string> by_value = ask;
  by_value.insert(by_value.end(), {"--liked-worth", "3"});
  const CommandResult result = RunShortlist(by_value);
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("  chance  liked  source     because"));
  EXPECT_THAT(result.output, HasSubstr("liked because"));
  EXPECT_THAT(result.output, ::testing::ContainsRegex("1  Item [^\n]*%  [^\n]*%  two-tower"));
}

TEST(ReplayCommand, FindsWhatWasServedEqualBitForBit) {
  const TemporaryFolder folder;
  const std::string log = folder / "features.log";
  const std::string config =
      folder.Write("server.txtpb", "feature_log: \"" + log +
                                       "\" feature_log_interval: 1\n"
                                       "re_ranking { value_function { liked_worth: 2 } }\n");
  ServeProcess server({"--config", config});
  for (const char* user : {"u1", "u2", "nobody"}) {
    v1::RecommendResponse response;
    EXPECT_TRUE(Recommend(server.address(), user, response).ok());
  }
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Wait(), 0) << server.process().errors();
  const CommandResult result =
      RunShortlist({"replay", "--log", log, "--models", SharedTestModels().folder().string()});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, StartsWith("3 requests, 312 candidates, "));
  EXPECT_THAT(result.output, HasSubstr("equal bit for bit"));
}

TEST(RecommendCommand, PrintsTheWholeAnswerAsJson) {
  ServeProcess server({});
  const CommandResult result = RunShortlist(
      {"recommend", "--server", server.address(), "--items", "i2,i6", "--count", "3", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  const nlohmann::json answer = nlohmann::json::parse(result.output, nullptr, false);
  ASSERT_FALSE(answer.is_discarded()) << result.output;
  EXPECT_EQ(answer["items"].size(), 3u);
  EXPECT_EQ(answer["bundle_id"], SharedTestModels().bundle()->id);
  EXPECT_EQ(answer["rung"], "RUNG_FULL");
}

TEST(RecommendCommand, SaysWhatIsWrong) {
  ServeProcess server({});
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--user", ""}, "user_id: is empty"},
      {{"--user", "u1", "--count", "0"}, "count: must be 1 to 200, is 0"},
      {{"--user", "u1", "--filter", "colour=red"},
       "filter.all_of[0].attribute: unknown item attribute \"colour\""},
      {{"--user", "u1", "--filter", "genre"}, "--filter genre: not of the form"},
      {{"--user", "u1", "--limit", "genre"}, "--limit genre: not ATTRIBUTE=COUNT"},
      {{"--user", "u1", "--pin", "i1@x"}, "--pin i1@x: not ITEM@PLACE"},
      {{"--user", "u1", "--boost", "genre=Drama"}, "--boost genre=Drama: not CONDITION:LOG_ODDS"},
      {{"--user", "u1", "--limit", "colour=1"},
       "re_ranking.limits[0].attribute: unknown item attribute \"colour\""},
      {{"--user", "u1", "--filter", "year=a..b"}, "--filter year=a..b: \"a\" is not a number"},
  };
  for (const auto& [arguments, error] : cases) {
    std::vector<std::string> all = {"recommend", "--server", server.address()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const CommandResult result = RunShortlist(all);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.output, "");
    EXPECT_THAT(result.errors, StartsWith("shortlist: " + error));
  }
}

TEST(RecommendCommand, SaysThatTheServiceIsNotThere) {
  std::string address;
  {
    ServeProcess gone({});
    address = gone.address();
  }
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"recommend", "--user", "u1"}, {"similar", "--item", "i1"}}) {
    std::vector<std::string> all = command;
    all.insert(all.end(), {"--server", address});
    const CommandResult result = RunShortlist(all);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.errors, StartsWith("shortlist: no answer from the service at " + address));
    EXPECT_THAT(result.errors, HasSubstr("shortlist serve"));
  }
}

TEST(SimilarCommand, PrintsTitlesAndSimilarities) {
  ServeProcess server({});
  CommandResult result =
      RunShortlist({"similar", "--server", server.address(), "--item", "i9", "--count", "5"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, StartsWith("Similar to Item 9 (item i9):\n"));
  EXPECT_THAT(result.output, HasSubstr("\n5  "));
  result = RunShortlist({"similar", "--server", server.address(), "--item", "nothing"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("item_id: the catalog has no item \"nothing\""));
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
