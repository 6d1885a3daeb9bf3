// Real servers on real ports, called over real channels: in one process and split over three.

#include "serving/server.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <future>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "grpc/health/v1/health.grpc.pb.h"
#include "shortlist/v1/catalog.grpc.pb.h"
#include "tests/support/blocking_retrieval.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace health = ::grpc::health::v1;

v1::ServerConfig Config(v1::Role role, const TestModels& models = SharedTestModels()) {
  v1::ServerConfig config;
  config.set_models_dir(models.folder().string());
  config.set_listen("127.0.0.1:0");
  config.set_budget_ms(60'000);  // However slow the machine.
  config.set_role(role);
  return config;
}

std::unique_ptr<Server> Start(const v1::ServerConfig& config) {
  auto server = Server::Start(config);
  EXPECT_TRUE(server.ok()) << server.status();
  return server.ok() ? *std::move(server) : nullptr;
}

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) {
  return grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
}

grpc::Status Recommend(const std::string& address, const v1::RecommendRequest& request,
                       v1::RecommendResponse& response) {
  grpc::ClientContext context;
  return v1::Recommender::NewStub(ChannelTo(address))->Recommend(&context, request, &response);
}

// The three roles, wired to one another.
struct SplitServers {
  explicit SplitServers(const TestModels& retrieval_models = SharedTestModels(),
                        const TestModels& ranking_models = SharedTestModels(),
                        bool degradation_off = false)
      : retrieval(Start(Config(v1::ROLE_RETRIEVAL, retrieval_models))),
        ranking(Start(Config(v1::ROLE_RANKING, ranking_models))) {
    v1::ServerConfig config = Config(v1::ROLE_RECOMMEND);
    config.set_retrieval_address(retrieval->address());
    config.set_ranking_address(ranking->address());
    config.mutable_degradation()->set_off(degradation_off);
    recommend = Start(config);
  }
  std::unique_ptr<Server> retrieval, ranking, recommend;
};

// Calls a method with bytes that no stub of ours would send.
grpc::Status RawCall(const std::string& address, const std::string& method,
                     const std::string& bytes, std::string* answer = nullptr) {
  grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  grpc::ClientContext context;
  grpc::GenericStub stub(ChannelTo(address));
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, method, grpc::StubOptions(), &request, &response,
                 [&](grpc::Status status) { done.set_value(std::move(status)); });
  grpc::Status status = done.get_future().get();
  std::vector<grpc::Slice> slices;
  if (answer != nullptr && response.Dump(&slices).ok())
    for (const grpc::Slice& s : slices)
      answer->append(reinterpret_cast<const char*>(s.begin()), s.size());
  return status;
}

v1::RecommendRequest RequestOf(const std::string& user_id) {
  v1::RecommendRequest request;
  request.set_user_id(user_id);
  request.mutable_context()->set_time_ms(1'600'000'000'000);
  return request;
}

void AddCondition(google::protobuf::RepeatedPtrField<v1::AttributeCondition>& conditions,
                  const std::string& attribute, const std::string& value) {
  v1::AttributeCondition* condition = conditions.Add();
  condition->set_attribute(attribute);
  condition->mutable_any_value()->add_values(value);
}

// Of every kind that there is.
std::vector<v1::RecommendRequest> VariousRequests() {
  std::vector<v1::RecommendRequest> requests;
  for (int user = 0; user < 80; user += 7)
    requests.push_back(RequestOf("u" + std::to_string(user)));
  requests.push_back(RequestOf("nobody"));
  requests.push_back(RequestOf("u3"));
  requests.back().set_explain(true);
  for (const float diversity : {0.0F, 0.4F}) {
    requests.push_back(RequestOf("u6"));
    requests.back().set_explain(true);
    requests.back().mutable_re_ranking()->set_diversity(diversity);
    requests.back().mutable_re_ranking()->mutable_value_function()->set_liked_worth(50);
  }
  requests.push_back(RequestOf("u3"));
  requests.back().set_include_seen(true);
  requests.back().set_count(200);
  requests.push_back(RequestOf("u4"));
  requests.back().set_candidate_count(30);
  requests.back().add_exclude_item_ids("i0");
  requests.push_back(RequestOf("u4"));
  for (const char* id : {"i3", "nothing", "i50", "i3", "i117"})
    requests.back().add_candidate_item_ids(id);
  requests.push_back(RequestOf("u4"));
  AddCondition(*requests.back().mutable_filter()->mutable_any_of(), "genre", "Drama");
  AddCondition(*requests.back().mutable_filter()->mutable_any_of(), "genre", "Horror");
  AddCondition(*requests.back().mutable_filter()->mutable_none_of(), "year", "1994");
  requests.push_back(RequestOf("u4"));
  AddCondition(*requests.back().mutable_filter()->mutable_all_of(), "genre", "Opera");
  requests.push_back(RequestOf(""));
  requests.back().mutable_anonymous()->add_recent_item_ids("i2");
  requests.back().mutable_anonymous()->add_recent_item_ids("nothing");
  requests.back().mutable_anonymous()->add_attributes()->set_name("gender");
  requests.back().mutable_anonymous()->mutable_attributes(0)->add_values("M");
  return requests;
}

TEST(Server, OneProcessAndThreeGiveTheSameItemsAndScores) {
  const std::unique_ptr<Server> one = Start(Config(v1::ROLE_ALL));
  const SplitServers three;
  for (const v1::RecommendRequest& request : VariousRequests()) {
    SCOPED_TRACE(request.ShortDebugString());
    v1::RecommendResponse a, b;
    const grpc::Status status_a = Recommend(one->address(), request, a);
    const grpc::Status status_b = Recommend(three.recommend->address(), request, b);
    ASSERT_TRUE(status_a.ok()) << status_a.error_message();
    ASSERT_TRUE(status_b.ok()) << status_b.error_message();
    EXPECT_EQ(a.bundle_id(), b.bundle_id());
    EXPECT_EQ(a.candidates_ranked(), b.candidates_ranked());
    EXPECT_THAT(a.unknown_item_ids(), ::testing::ElementsAreArray(b.unknown_item_ids()));
    ASSERT_EQ(a.items_size(), b.items_size());
    for (int i = 0; i < a.items_size(); ++i) {
      EXPECT_EQ(a.items(i).item_id(), b.items(i).item_id());
      EXPECT_EQ(a.items(i).source(), b.items(i).source());
      EXPECT_NEAR(a.items(i).score(), b.items(i).score(), 1e-5);
      EXPECT_NEAR(a.items(i).probability(), b.items(i).probability(), 1e-5);
      ASSERT_EQ(a.items(i).contributions_size(), b.items(i).contributions_size());
      for (int c = 0; c < a.items(i).contributions_size(); ++c)
        EXPECT_EQ(a.items(i).contributions(c).ShortDebugString(),
                  b.items(i).contributions(c).ShortDebugString());
      EXPECT_EQ(a.items(i).has_liked_score(), request.re_ranking().has_value_function());
      EXPECT_EQ(a.items(i).liked_score(), b.items(i).liked_score());
      EXPECT_EQ(a.items(i).liked_probability(), b.items(i).liked_probability());
      ASSERT_EQ(a.items(i).liked_contributions_size(), b.items(i).liked_contributions_size());
      for (int c = 0; c < a.items(i).liked_contributions_size(); ++c)
        EXPECT_EQ(a.items(i).liked_contributions(c).ShortDebugString(),
                  b.items(i).liked_contributions(c).ShortDebugString());
    }
  }
}

// A token is good in either shape, whichever made it.
TEST(Server, PagesGoOnFromOneShapeToTheOther) {
  const std::unique_ptr<Server> one = Start(Config(v1::ROLE_ALL));
  const SplitServers three;
  v1::RecommendRequest request = RequestOf("u3");
  request.set_count(30);
  std::set<std::string> shown;
  size_t count = 0;
  do {
    const bool odd = count % 60 != 0;
    v1::RecommendResponse response;
    const grpc::Status status =
        Recommend(odd ? three.recommend->address() : one->address(), request, response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    for (const v1::RecommendedItem& item : response.items()) shown.insert(item.item_id());
    count += static_cast<size_t>(response.items_size());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(shown.size(), count);
  EXPECT_GT(count, 60u);
}

// What must be answered with INVALID_ARGUMENT, with the path of the field to blame.
std::vector<std::pair<std::string, v1::RecommendRequest>> InvalidRequests() {
  std::vector<std::pair<std::string, v1::RecommendRequest>> requests;
  auto add = [&](const std::string& field,
                 const std::function<void(v1::RecommendRequest&)>& change) {
    requests.emplace_back(field, RequestOf("u3"));
    change(requests.back().second);
  };
  add("user_id", [](auto& r) { r.set_user_id(""); });
  add("user_id", [](auto& r) { r.clear_user_id(); });
  add("user_id", [](auto& r) { r.set_user_id(std::string(257, 'x')); });
  add("count", [](auto& r) { r.set_count(0); });
  add("count", [](auto& r) { r.set_count(10'000); });
  add("candidate_item_ids[0]", [](auto& r) { r.add_candidate_item_ids(""); });
  add("context.time_zone", [](auto& r) { r.mutable_context()->set_time_zone("Mars"); });
  add("page_token", [](auto& r) { r.set_page_token("page 2"); });
  add("exclude_item_ids[0]", [](auto& r) { r.add_exclude_item_ids(std::string(300, 'x')); });
  add("anonymous.attributes[0].name",
      [](auto& r) { r.mutable_anonymous()->add_attributes()->set_name("shoe size"); });
  add("filter.all_of[0].attribute",
      [](auto& r) { AddCondition(*r.mutable_filter()->mutable_all_of(), "colour", "red"); });
  add("filter.none_of[0].range", [](auto& r) {
    v1::AttributeCondition* condition = r.mutable_filter()->add_none_of();
    condition->set_attribute("genre");
    condition->mutable_range()->set_min(3);
  });
  return requests;
}

TEST(Server, NamesTheFieldOfAnInvalidRequestInBothShapes) {
  const std::unique_ptr<Server> one = Start(Config(v1::ROLE_ALL));
  const SplitServers three;
  for (const std::string& address : {one->address(), three.recommend->address()}) {
    for (const auto& [field, request] : InvalidRequests()) {
      v1::RecommendResponse response;
      const grpc::Status status = Recommend(address, request, response);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << field;
      EXPECT_THAT(status.error_message(), StartsWith(field + ": "));
    }
  }
}

TEST(Server, NamesTheFieldThatIsNotUtf8OnEveryMethod) {
  const std::unique_ptr<Server> server = Start(Config(v1::ROLE_ALL));
  // Field 1, two bytes long, not UTF-8; for the stages inside field 1, the user.
  const std::string bad_text = "\x0A\x02\xC3\x28";
  const std::string bad_user = "\x0A\x04" + bad_text;
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"Recommender/Recommend", bad_text, "user_id"},
      {"Recommender/SimilarItems", bad_text, "item_id"},
      {"CandidateGeneration/GenerateCandidates", bad_user, "user.user_id"},
      {"Ranking/Rank", bad_user, "user.user_id"},
      {"Catalog/GetItem", bad_text, "item_id"},
      {"Catalog/ListItems", "\x12\x02\xC3\x28", "page_token"},
  };
  for (const auto& [method, bytes, field] : cases) {
    const grpc::Status status = RawCall(server->address(), "/shortlist.v1." + method, bytes);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << method;
    EXPECT_EQ(status.error_message(), field + ": is not valid UTF-8") << method;
  }
}

TEST(Server, RefusesBytesThatAreNoRequest) {
  const std::unique_ptr<Server> server = Start(Config(v1::ROLE_ALL));
  const grpc::Status status =
      RawCall(server->address(), "/shortlist.v1.Recommender/Recommend", "\xFF garbage");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "the request is not a shortlist.v1.RecommendRequest message");
}

TEST(Server, AnswersSimilarItemsAndTheCatalogInTheRoleRecommendToo) {
  const SplitServers three;
  const std::shared_ptr<grpc::Channel> channel = ChannelTo(three.recommend->address());
  v1::SimilarItemsRequest request;
  request.set_item_id("i9");
  v1::SimilarItemsResponse response;
  grpc::ClientContext similar_context;
  EXPECT_TRUE(
      v1::Recommender::NewStub(channel)->SimilarItems(&similar_context, request, &response).ok());
  EXPECT_EQ(response.items_size(), 20);
  v1::GetItemRequest get;
  get.set_item_id("i9");
  v1::GetItemResponse item;
  grpc::ClientContext get_context;
  EXPECT_TRUE(v1::Catalog::NewStub(channel)->GetItem(&get_context, get, &item).ok());
  EXPECT_EQ(item.item().title(), "Item 9");
  grpc::ClientContext missing_context;
  get.set_item_id("nothing");
  EXPECT_EQ(v1::Catalog::NewStub(channel)->GetItem(&missing_context, get, &item).error_code(),
            grpc::StatusCode::NOT_FOUND);
  v1::ListItemsResponse list;
  grpc::ClientContext list_context;
  EXPECT_TRUE(v1::Catalog::NewStub(channel)->ListItems(&list_context, {}, &list).ok());
  EXPECT_EQ(list.total_count(), 120);
}

TEST(Server, EachRoleServesItsOwnServicesOnly) {
  const SplitServers three;
  v1::RecommendResponse response;
  EXPECT_EQ(Recommend(three.retrieval->address(), RequestOf("u3"), response).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  const std::string recommend = three.recommend->address();
  EXPECT_EQ(RawCall(recommend, "/shortlist.v1.Ranking/Rank", "").error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST(Server, TheRankingRoleScoresWithTheBundleAskedForOrNotAtAll) {
  const std::unique_ptr<Server> ranking = Start(Config(v1::ROLE_RANKING));
  const auto stub = v1::Ranking::NewStub(ChannelTo(ranking->address()));
  v1::RankRequest request;
  request.set_bundle_id(OtherTestModels().bundle()->id);
  request.add_item_rows(0);
  request.add_scores(0.5);
  request.add_sources(v1::CANDIDATE_SOURCE_POPULAR);
  v1::RankResponse response;
  grpc::ClientContext other_context;
  const grpc::Status status = stub->Rank(&other_context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), StartsWith("bundle_id: bundle "));
  request.set_bundle_id(SharedTestModels().bundle()->id);
  grpc::ClientContext context;
  EXPECT_TRUE(stub->Rank(&context, request, &response).ok());
  EXPECT_EQ(response.scores_size(), 1);
}

TEST(Server, StagesWithoutACommonBundleAreAFailedPrecondition) {
  v1::RecommendResponse response;
  const SplitServers other_retrieval(OtherTestModels(), SharedTestModels(),
                                     /*degradation_off=*/true);
  grpc::Status status = Recommend(other_retrieval.recommend->address(), RequestOf("u3"), response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr(OtherTestModels().bundle()->id));
  const SplitServers other_ranking(SharedTestModels(), OtherTestModels(),
                                   /*degradation_off=*/true);
  status = Recommend(other_ranking.recommend->address(), RequestOf("u3"), response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(),
              StartsWith("ranking service at " + other_ranking.ranking->address()));
}

TEST(Server, StagesWithoutACommonBundleAreDoneWithout) {
  v1::RecommendResponse response;
  const SplitServers other_retrieval(OtherTestModels(), SharedTestModels());
  ASSERT_TRUE(Recommend(other_retrieval.recommend->address(), RequestOf("u3"), response).ok());
  EXPECT_EQ(response.rung(), v1::RUNG_POPULAR);
  EXPECT_EQ(response.bundle_id(), SharedTestModels().bundle()->id);
}

TEST(Server, AnswersGoOnWhileAStageIsAwayAndAreFullAgainWhenItIsBack) {
  SplitServers three;
  v1::RecommendResponse response;
  ASSERT_TRUE(Recommend(three.recommend->address(), RequestOf("u3"), response).ok());
  EXPECT_EQ(response.rung(), v1::RUNG_FULL);
  v1::ServerConfig again = Config(v1::ROLE_RANKING);
  again.set_listen(three.ranking->address());
  three.ranking.reset();
  ASSERT_TRUE(Recommend(three.recommend->address(), RequestOf("u3"), response).ok());
  EXPECT_EQ(response.rung(), v1::RUNG_UNRANKED);
  EXPECT_EQ(response.items_size(), 20);
  const std::string retrieval = three.retrieval->address();
  three.retrieval.reset();
  ASSERT_TRUE(Recommend(three.recommend->address(), RequestOf("u3"), response).ok());
  EXPECT_EQ(response.rung(), v1::RUNG_POPULAR);
  three.ranking = Start(again);
  again.set_role(v1::ROLE_RETRIEVAL);
  again.set_listen(retrieval);
  three.retrieval = Start(again);
  while (response.rung() != v1::RUNG_FULL)
    ASSERT_TRUE(Recommend(three.recommend->address(), RequestOf("u3"), response).ok());
}

TEST(Server, WithDegradationOffAStageThatCannotBeReachedIsUnavailableAndNamed) {
  SplitServers three(SharedTestModels(), SharedTestModels(), /*degradation_off=*/true);
  const std::string address = three.retrieval->address();
  three.retrieval.reset();
  v1::RecommendResponse response;
  const grpc::Status status = Recommend(three.recommend->address(), RequestOf("u3"), response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), StartsWith("retrieval service at " + address + ": "));
}

TEST(Server, NoRequestTakesLongerThanTheServerAllows) {
  BlockingRetrieval retrieval(SharedTestModels().bundle());
  const std::unique_ptr<Server> ranking = Start(Config(v1::ROLE_RANKING));
  v1::ServerConfig config = Config(v1::ROLE_RECOMMEND);
  config.set_retrieval_address(retrieval.address());
  config.set_ranking_address(ranking->address());
  config.set_request_timeout_ms(20);
  config.mutable_degradation()->set_off(true);
  const std::unique_ptr<Server> recommend = Start(config);
  v1::RecommendResponse response;
  EXPECT_EQ(Recommend(recommend->address(), RequestOf("u3"), response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST(Server, ACallerWithoutADeadlineWaitsNoLongerForAStageThanTheBudget) {
  BlockingRetrieval retrieval(SharedTestModels().bundle());
  const std::unique_ptr<Server> ranking = Start(Config(v1::ROLE_RANKING));
  v1::ServerConfig config = Config(v1::ROLE_RECOMMEND);
  config.set_retrieval_address(retrieval.address());
  config.set_ranking_address(ranking->address());
  config.set_budget_ms(50);
  const std::unique_ptr<Server> recommend = Start(config);
  v1::RecommendResponse response;
  EXPECT_TRUE(Recommend(recommend->address(), RequestOf("u3"), response).ok());
  EXPECT_GE(response.rung(), v1::RUNG_RANKED_POPULAR);
}

TEST(Server, ShutdownLetsARequestUnderWayFinishAndRefusesNewOnes) {
  BlockingRetrieval retrieval(SharedTestModels().bundle());
  const std::unique_ptr<Server> ranking = Start(Config(v1::ROLE_RANKING));
  v1::ServerConfig config = Config(v1::ROLE_RECOMMEND);
  config.set_retrieval_address(retrieval.address());
  config.set_ranking_address(ranking->address());
  config.set_request_timeout_ms(60'000);
  config.set_shutdown_grace_seconds(60);
  const std::unique_ptr<Server> recommend = Start(config);
  const std::string address = recommend->address();

  const auto health_stub = health::Health::NewStub(ChannelTo(address));
  grpc::ClientContext watch_context;
  const auto watch = health_stub->Watch(&watch_context, {});
  health::HealthCheckResponse state;
  ASSERT_TRUE(watch->Read(&state));
  ASSERT_EQ(state.status(), health::HealthCheckResponse::SERVING);

  v1::RecommendResponse response;
  std::future<grpc::Status> under_way =
      std::async(std::launch::async, [&] { return Recommend(address, RequestOf("u3"), response); });
  retrieval.WaitForRequest();
  std::future<void> shutdown = std::async(std::launch::async, [&] { recommend->Shutdown(); });
  ASSERT_TRUE(watch->Read(&state));
  EXPECT_EQ(state.status(), health::HealthCheckResponse::NOT_SERVING);
  watch_context.TryCancel();
  retrieval.Release();

  const grpc::Status status = under_way.get();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.items_size(), 20);
  shutdown.get();
  v1::RecommendResponse late;
  EXPECT_EQ(Recommend(address, RequestOf("u3"), late).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(Server, HealthAnswersForTheServerAndItsServices) {
  const std::unique_ptr<Server> server = Start(Config(v1::ROLE_ALL));
  const auto stub = health::Health::NewStub(ChannelTo(server->address()));
  for (const char* service : {"", "shortlist.v1.Recommender", "shortlist.v1.CandidateGeneration",
                              "shortlist.v1.Ranking", "shortlist.v1.Catalog"}) {
    health::HealthCheckRequest request;
    request.set_service(service);
    health::HealthCheckResponse response;
    grpc::ClientContext context;
    const grpc::Status status = stub->Check(&context, request, &response);
    EXPECT_TRUE(status.ok()) << service << ": " << status.error_message();
    EXPECT_EQ(response.status(), health::HealthCheckResponse::SERVING) << service;
  }
}

TEST(Server, ReflectionKnowsTheServicesAndTheirMessages) {
  const std::unique_ptr<Server> server = Start(Config(v1::ROLE_ALL));
  const std::string method = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
  std::string services;
  // ServerReflectionRequest with list_services = 7; on the wire, a stream of one message.
  EXPECT_TRUE(RawCall(server->address(), method, std::string("\x3A\x00", 2), &services).ok());
  for (const char* service :
       {"shortlist.v1.Recommender", "shortlist.v1.CandidateGeneration", "shortlist.v1.Ranking",
        "shortlist.v1.Catalog", "grpc.health.v1.Health"})
    EXPECT_THAT(services, HasSubstr(service));
  std::string file;
  // file_containing_symbol = 4.
  const std::string symbol = "shortlist.v1.Recommender";
  EXPECT_TRUE(RawCall(server->address(), method,
                      "\x22" + std::string(1, static_cast<char>(symbol.size())) + symbol, &file)
                  .ok());
  EXPECT_THAT(file, HasSubstr("RecommendRequest"));
}

TEST(Server, RefusesRulesOfReRankingThatTheBundleDoesNotFit) {
  v1::ServerConfig config = Config(v1::ROLE_ALL, OtherTestModels());
  config.mutable_re_ranking()->mutable_value_function()->set_liked_worth(1);
  auto started = Server::Start(config);
  EXPECT_EQ(started.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(started.status().message()),
              HasSubstr("re_ranking.value_function.liked_worth: the bundle has no head"));
  config.set_models_dir(SharedTestModels().folder().string());
  EXPECT_TRUE(Server::Start(config).ok());
  config.mutable_re_ranking()->add_limits()->set_attribute("colour");
  config.mutable_re_ranking()->mutable_limits(0)->set_max_items(1);
  started = Server::Start(config);
  EXPECT_EQ(started.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(started.status().message()),
              HasSubstr("re_ranking.limits[0].attribute: unknown item attribute"));
}

TEST(Server, RefusesAnAddressThatIsInUse) {
  const std::unique_ptr<Server> first = Start(Config(v1::ROLE_ALL));
  v1::ServerConfig config = Config(v1::ROLE_ALL);
  config.set_listen(first->address());
  const absl::Status status = Server::Start(config).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("cannot listen on " + first->address()));
}

class DamagedModelsTest : public ::testing::Test {
 protected:
  DamagedModelsTest() : models_(copy_ / "models") {
    std::filesystem::copy(SharedTestModels().folder(), models_,
                          std::filesystem::copy_options::recursive);
    for (const auto& entry : std::filesystem::directory_iterator(models_))
      if (entry.is_directory()) bundle_ = entry.path();
  }

  std::string ErrorOfStart() const {
    v1::ServerConfig config = Config(v1::ROLE_ALL);
    config.set_models_dir(models_.string());
    const auto server = Server::Start(config);
    EXPECT_FALSE(server.ok());
    return std::string(server.status().message());
  }

  std::vector<std::filesystem::path> BundleFiles() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(bundle_))
      files.push_back(entry.path());
    return files;
  }

  // Restores the file when it goes.
  struct Damage {
    explicit Damage(std::filesystem::path path)
        : file(std::move(path)), original(file.string() + ".original") {
      std::filesystem::copy_file(file, original);
    }
    ~Damage() { std::filesystem::rename(original, file); }
    std::filesystem::path file, original;
  };

  TemporaryFolder copy_;
  std::filesystem::path models_;
  std::filesystem::path bundle_;
};

TEST_F(DamagedModelsTest, TheCopyItselfIsServed) {
  v1::ServerConfig config = Config(v1::ROLE_ALL);
  config.set_models_dir(models_.string());
  EXPECT_NE(Start(config), nullptr);
}

TEST_F(DamagedModelsTest, AMissingFileIsNamed) {
  for (const std::filesystem::path& file : BundleFiles()) {
    const Damage damage(file);
    std::filesystem::remove(file);
    EXPECT_THAT(ErrorOfStart(), HasSubstr(file.string()));
  }
}

TEST_F(DamagedModelsTest, ATruncatedFileIsNamed) {
  for (const std::filesystem::path& file : BundleFiles()) {
    const Damage damage(file);
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    EXPECT_THAT(ErrorOfStart(), HasSubstr(file.string()));
  }
}

TEST_F(DamagedModelsTest, AFileWithOneBitFlippedIsNamed) {
  for (const std::filesystem::path& path : BundleFiles()) {
    const Damage damage(path);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(path) / 2);
    file.seekg(middle);
    const char byte = static_cast<char>(file.get() ^ 0x10);
    file.seekp(middle);
    file.put(byte);
    file.close();
    EXPECT_THAT(ErrorOfStart(), HasSubstr(path.string()));
  }
}

TEST_F(DamagedModelsTest, AMissingCurrentIsNamed) {
  std::filesystem::remove(models_ / "CURRENT");
  EXPECT_THAT(ErrorOfStart(), HasSubstr((models_ / "CURRENT").string()));
}

TEST_F(DamagedModelsTest, AMissingStateFileIsNamed) {
  std::filesystem::remove(models_ / "state.db");
  EXPECT_THAT(ErrorOfStart(), HasSubstr((models_ / "state.db").string()));
}

TEST(Server, WhileOneOfTwoReplicasStopsAnswersStayFull) {
  SplitServers three;
  std::unique_ptr<Server> second = Start(Config(v1::ROLE_RANKING));
  v1::ServerConfig config = Config(v1::ROLE_RECOMMEND);
  config.set_retrieval_address(three.retrieval->address());
  config.set_ranking_address(three.ranking->address() + "," + second->address());
  const std::unique_ptr<Server> recommend = Start(config);
  v1::RecommendResponse response;
  const auto expect_full = [&](int requests) {
    for (int i = 0; i < requests; ++i) {
      ASSERT_TRUE(Recommend(recommend->address(), RequestOf("u3"), response).ok());
      ASSERT_EQ(response.rung(), v1::RUNG_FULL) << i;
    }
  };
  expect_full(20);
  std::thread stop([&] { second.reset(); });
  expect_full(50);
  stop.join();
  expect_full(20);
}

}  // namespace
}  // namespace shortlist
