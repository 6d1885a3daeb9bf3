// What is told of items holds in every process: real servers in both shapes, over real channels,
// with one real store.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "serving/server.h"
#include "shortlist/v1/catalog.grpc.pb.h"
#include "shortlist/v1/recommender.grpc.pb.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ChangingCatalogTest : public testing::Test {
 protected:
  ChangingCatalogTest() { std::filesystem::copy(SharedTestModels().state_db(), state_); }

  std::unique_ptr<Server> Start(v1::Role role, const Server* retrieval = nullptr,
                                const Server* ranking = nullptr) const {
    v1::ServerConfig config;
    config.set_models_dir(SharedTestModels().folder().string());
    config.set_listen("127.0.0.1:0");
    config.set_budget_ms(60'000);  // However slow the machine.
    config.set_state(state_);
    config.set_role(role);
    if (retrieval != nullptr) config.set_retrieval_address(retrieval->address());
    if (ranking != nullptr) config.set_ranking_address(ranking->address());
    auto server = Server::Start(config);
    EXPECT_TRUE(server.ok()) << server.status();
    return *std::move(server);
  }
  static std::shared_ptr<grpc::Channel> ChannelTo(const Server& server) {
    return grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials());
  }

  static grpc::Status Upsert(const Server& server, const std::string& id, const std::string& title,
                             const std::vector<std::string>& genres) {
    v1::UpsertItemsRequest request;
    v1::Item& item = *request.add_items();
    item.set_item_id(id);
    item.set_title(title);
    if (!genres.empty()) {
      v1::Attribute& attribute = *item.add_attributes();
      attribute.set_name("genre");
      attribute.mutable_values()->Assign(genres.begin(), genres.end());
    }
    v1::UpsertItemsResponse response;
    grpc::ClientContext context;
    return v1::Catalog::NewStub(ChannelTo(server))->UpsertItems(&context, request, &response);
  }
  static void Delete(const Server& server, const std::string& id) {
    v1::DeleteItemsRequest request;
    request.add_item_ids(id);
    v1::DeleteItemsResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(
        v1::Catalog::NewStub(ChannelTo(server))->DeleteItems(&context, request, &response).ok());
  }
  static void Hide(const Server& server, const std::string& id, absl::Time until) {
    v1::HideItemsRequest request;
    request.add_item_ids(id);
    request.set_until_ms(absl::ToUnixMillis(until));
    v1::HideItemsResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(
        v1::Catalog::NewStub(ChannelTo(server))->HideItems(&context, request, &response).ok());
  }

  static v1::RecommendResponse Recommend(const Server& server,
                                         const v1::RecommendRequest& request) {
    v1::RecommendResponse response;
    grpc::ClientContext context;
    const grpc::Status status =
        v1::Recommender::NewStub(ChannelTo(server))->Recommend(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  static std::vector<std::string> Items(const Server& server, const v1::RecommendRequest& request) {
    const v1::RecommendResponse response = Recommend(server, request);
    std::vector<std::string> ids;
    for (const v1::RecommendedItem& item : response.items()) ids.push_back(item.item_id());
    return ids;
  }
  static std::vector<std::string> Similar(const Server& server, const std::string& id) {
    v1::SimilarItemsRequest request;
    request.set_item_id(id);
    request.set_count(200);
    v1::SimilarItemsResponse response;
    grpc::ClientContext context;
    const grpc::Status status =
        v1::Recommender::NewStub(ChannelTo(server))->SimilarItems(&context, request, &response);
    std::vector<std::string> ids;
    for (const v1::SimilarItem& item : response.items()) ids.push_back(item.item_id());
    if (!status.ok()) ids.push_back(std::to_string(status.error_code()));
    return ids;
  }
  // Of everybody's items, all that there are.
  static v1::RecommendRequest All(const std::string& genre = "") {
    v1::RecommendRequest request;
    request.set_user_id("nobody");
    request.set_count(200);
    if (genre.empty()) return request;
    v1::AttributeCondition& condition = *request.mutable_filter()->add_all_of();
    condition.set_attribute("genre");
    condition.mutable_any_value()->add_values(genre);
    return request;
  }
  // Within a bound far beyond the second that it may take.
  static bool Becomes(const std::function<bool()>& holds) {
    for (const absl::Time end = absl::Now() + absl::Seconds(60); absl::Now() < end;)
      if (holds()) return true;
    return false;
  }

  const TemporaryFolder folder_;
  const std::string state_ = folder_ / "state.db";
};

TEST_F(ChangingCatalogTest, ANewItemIsFoundAtOnceAndAWithdrawnOneNoMore) {
  const auto server = Start(v1::ROLE_ALL);
  ASSERT_TRUE(Upsert(*server, "new", "New horror", {"Horror", "Noir"}).ok());
  const v1::RecommendResponse noir = Recommend(*server, All("Noir"));
  ASSERT_EQ(noir.items_size(), 1);
  EXPECT_EQ(noir.items(0).item_id(), "new");
  EXPECT_EQ(noir.items(0).title(), "New horror");
  EXPECT_EQ(noir.items(0).vector_origin(), v1::VECTOR_ORIGIN_FROM_ATTRIBUTES);
  EXPECT_THAT(Items(*server, All()), Contains("new"));
  EXPECT_THAT(Similar(*server, "i2"), Contains("new"));
  EXPECT_THAT(Similar(*server, "new"), Contains("i2"));

  Delete(*server, "new");
  Delete(*server, "i2");
  EXPECT_THAT(Items(*server, All("Noir")), IsEmpty());
  EXPECT_THAT(Items(*server, All()), Not(Contains("i2")));
  EXPECT_THAT(Similar(*server, "i6"), Not(Contains("i2")));
  EXPECT_THAT(Similar(*server, "new"), ElementsAre("5"));  // NOT_FOUND.
  v1::RecommendRequest pinned = All();
  v1::PinnedItem& pin = *pinned.mutable_re_ranking()->add_pinned();
  pin.set_item_id("i2");
  pin.set_place(1);
  EXPECT_THAT(Items(*server, pinned), Not(Contains("i2")));
  v1::RecommendRequest given = All();
  given.clear_count();
  given.add_candidate_item_ids("i2");
  given.add_candidate_item_ids("i3");
  EXPECT_THAT(Items(*server, given), ElementsAre("i3"));
}

TEST_F(ChangingCatalogTest, AHiddenItemComesBackWhenItsTimeHasCome) {
  const auto server = Start(v1::ROLE_ALL);
  Hide(*server, "i2", absl::Now() + absl::Hours(1));
  EXPECT_THAT(Items(*server, All()), Not(Contains("i2")));
  Hide(*server, "i2", absl::UnixEpoch());
  EXPECT_THAT(Items(*server, All()), Contains("i2"));
  Hide(*server, "i2", absl::Now() + absl::Milliseconds(300));
  EXPECT_TRUE(Becomes([&] {
    const std::vector<std::string> items = Items(*server, All());
    return std::find(items.begin(), items.end(), "i2") != items.end();
  }));
}

TEST_F(ChangingCatalogTest, ChangesHoldInEveryProcessAndAfterARestart) {
  const auto retrieval = Start(v1::ROLE_RETRIEVAL), ranking = Start(v1::ROLE_RANKING);
  auto recommend = Start(v1::ROLE_RECOMMEND, retrieval.get(), ranking.get());
  const auto all = Start(v1::ROLE_ALL);
  ASSERT_TRUE(Upsert(*all, "new", "New", {"Noir", "Horror"}).ok());
  ASSERT_TRUE(Upsert(*recommend, "i5", "Renamed", {"Noir", "Drama"}).ok());
  Delete(*recommend, "i7");
  const auto holds_in = [&](const Server& server) {
    v1::RecommendRequest request = All("Noir");
    request.set_explain(true);
    const v1::RecommendResponse noir = Recommend(server, request);
    const std::vector<std::string> items = Items(server, All());
    return noir.items_size() == 2 && noir.items(0).contributions_size() > 0 &&
           std::find(items.begin(), items.end(), "i7") == items.end();
  };
  for (const Server* server : {recommend.get(), all.get()})
    EXPECT_TRUE(Becomes([&] { return holds_in(*server); }));
  // Both shapes give the same items and scores.
  const v1::RecommendResponse split = Recommend(*recommend, All()), whole = Recommend(*all, All());
  ASSERT_EQ(split.items_size(), whole.items_size());
  for (int i = 0; i < split.items_size(); ++i) {
    EXPECT_EQ(split.items(i).item_id(), whole.items(i).item_id());
    EXPECT_EQ(split.items(i).score(), whole.items(i).score());
  }

  recommend = nullptr;
  recommend = Start(v1::ROLE_RECOMMEND, retrieval.get(), ranking.get());
  EXPECT_TRUE(holds_in(*recommend));
  EXPECT_THAT(Similar(*recommend, "i6"), Contains("new"));
}

TEST_F(ChangingCatalogTest, ARefusedBatchChangesNothingAndNamesTheField) {
  const auto server = Start(v1::ROLE_ALL);
  v1::UpsertItemsRequest request;
  request.add_items()->set_item_id("one");
  v1::Item& other = *request.add_items();
  other.set_item_id("other");
  other.add_attributes()->set_name("colour");
  v1::UpsertItemsResponse response;
  grpc::ClientContext context;
  const grpc::Status status =
      v1::Catalog::NewStub(ChannelTo(*server))->UpsertItems(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(),
              HasSubstr("items[1].attributes[0].name: unknown item attribute \"colour\""));
  EXPECT_THAT(Items(*server, All()), Not(Contains("one")));
}

}  // namespace
}  // namespace shortlist
