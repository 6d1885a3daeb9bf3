// Items of which there is a vector and nothing else, as of pictures: trained on, told of, compared.
// Real servers in both shapes, over real channels, with one real store.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "data/item_holdout.h"
#include "data/user_sequences.h"
#include "serving/server.h"
#include "shortlist/v1/catalog.grpc.pb.h"
#include "shortlist/v1/recommender.grpc.pb.h"
#include "state/state_stores.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bundle.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

// The made-up data set with vectors of noisy prototypes of four classes, and without attributes:
// the class of item "i7" is 7 % 4. Every tenth item is left out of training.
class GivenVectorsTest : public testing::Test {
 protected:
  static constexpr uint32_t kItems = 120;
  static constexpr std::array kAll = {v1::SIMILARITY_TASTE, v1::SIMILARITY_CONTENT,
                                      v1::SIMILARITY_BOTH};

  static void SetUpTestSuite() {
    all_ = new Dataset(
        MakeSyntheticDataset({.users = 120, .items = kItems, .seed = 11, .vector_dim = 8}));
    CatalogData& items = all_->items;
    items.titles.clear();
    items.schema.clear();
    items.codes.clear();
    std::ranges::fill(items.code_offsets, 0);
    items.numbers.clear();
    std::vector<ItemRow> left_out;
    for (ItemRow item = 0; item < kItems; item += 10) left_out.push_back(item);
    const Dataset trained = WithoutItems(*all_, SplitPerUser(*all_, 0.1, 0.1), left_out).dataset;
    models_ = new TemporaryFolder;
    PublishTestBundle(trained, models_->path());
  }
  static void TearDownTestSuite() {
    delete models_;
    delete all_;
  }

  std::unique_ptr<Server> Start(v1::Role role) const {
    v1::ServerConfig config;
    config.set_models_dir(models_->path().string());
    config.set_listen("127.0.0.1:0");
    config.set_budget_ms(60'000);  // However slow the machine.
    config.set_state(folder_ / "state.db");
    config.set_role(role);
    if (retrieval_ != nullptr) config.set_retrieval_address(retrieval_->address());
    if (ranking_ != nullptr) config.set_ranking_address(ranking_->address());
    auto server = Server::Start(config);
    EXPECT_TRUE(server.ok()) << server.status();
    return server.ok() ? *std::move(server) : nullptr;
  }
  void StartOne() {
    recommend_ = Start(v1::ROLE_ALL);
    channel_ = grpc::CreateChannel(recommend_->address(), grpc::InsecureChannelCredentials());
  }
  void StartThree() {
    retrieval_ = Start(v1::ROLE_RETRIEVAL);
    ranking_ = Start(v1::ROLE_RANKING);
    recommend_ = Start(v1::ROLE_RECOMMEND);
    channel_ = grpc::CreateChannel(recommend_->address(), grpc::InsecureChannelCredentials());
  }

  // Of the items that training was without.
  void TellOfTheOthers() const {
    v1::UpsertItemsRequest request;
    for (ItemRow item = 0; item < kItems; item += 10) {
      v1::Item& told = *request.add_items();
      told.set_item_id(all_->items.ids[item]);
      const auto begin = all_->items.vectors.begin() + static_cast<ptrdiff_t>(item * 8);
      told.mutable_vector()->Assign(begin, begin + 8);
    }
    v1::UpsertItemsResponse response;
    grpc::ClientContext context;
    const grpc::Status status =
        v1::Catalog::NewStub(channel_)->UpsertItems(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.changed(), 12);
  }

  grpc::Status Similar(const std::string& id, v1::Similarity by,
                       v1::SimilarItemsResponse& response) const {
    v1::SimilarItemsRequest request;
    request.set_item_id(id);
    request.set_count(8);
    request.set_by(by);
    grpc::ClientContext context;
    return v1::Recommender::NewStub(channel_)->SimilarItems(&context, request, &response);
  }
  std::vector<std::string> Alike(const std::string& id, v1::Similarity by) const {
    v1::SimilarItemsResponse response;
    const grpc::Status status = Similar(id, by, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    std::vector<std::string> ids;
    for (const v1::SimilarItem& item : response.items()) ids.push_back(item.item_id());
    return ids;
  }
  static uint32_t ClassOf(const std::string& id) {
    return static_cast<uint32_t>(std::stoul(id.substr(1))) % 4;
  }
  // Of what is similar to every tenth item from `first` on, the share that is of its class.
  double ShareOfClass(ItemRow first, v1::Similarity by) const {
    size_t same = 0, found = 0;
    for (ItemRow item = first; item + 1 < kItems; item += 10) {
      const std::string id = "i" + std::to_string(item);
      v1::SimilarItemsResponse response;
      const grpc::Status status = Similar(id, by, response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      EXPECT_EQ(response.items_size(), 8) << id;
      for (const v1::SimilarItem& similar : response.items()) {
        ++found;
        same += ClassOf(similar.item_id()) == ClassOf(id);
      }
    }
    return static_cast<double>(same) / static_cast<double>(found);
  }
  void ExpectNeighboursOfTheirClass() const {
    for (const v1::Similarity by : kAll) {
      SCOPED_TRACE(v1::Similarity_Name(by));
      // By chance a quarter is.
      EXPECT_GT(ShareOfClass(/*first=*/3, by), 0.5);  // Trained.
      EXPECT_GT(ShareOfClass(/*first=*/0, by), 0.5);  // New: by taste, placed by the vector alone.
    }
    EXPECT_GT(ShareOfClass(0, v1::SIMILARITY_CONTENT), 0.95);
    v1::SimilarItemsResponse none;
    const grpc::Status status = Similar("i119", v1::SIMILARITY_CONTENT, none);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
    EXPECT_THAT(status.error_message(),
                HasSubstr("item_id: item \"i119\" brought no vector along"));
  }

  static Dataset* all_;
  static TemporaryFolder* models_;
  const TemporaryFolder folder_;
  const std::unique_ptr<StateStore> store_ =
      OpenStateStore(folder_ / "state.db", StateProjection(), IfMissing::kCreate).value();
  std::unique_ptr<Server> retrieval_, ranking_, recommend_;
  std::shared_ptr<grpc::Channel> channel_;
};
Dataset* GivenVectorsTest::all_ = nullptr;
TemporaryFolder* GivenVectorsTest::models_ = nullptr;

TEST_F(GivenVectorsTest, NeighboursAreOfTheSameClassInOneProcess) {
  StartOne();
  TellOfTheOthers();
  ExpectNeighboursOfTheirClass();

  v1::SimilarItemsResponse response;
  ASSERT_TRUE(Similar("i10", v1::SIMILARITY_CONTENT, response).ok());
  const std::string alike = response.items(0).item_id();
  v1::HideItemsRequest hide;
  hide.add_item_ids(alike);
  hide.set_until_ms(std::numeric_limits<int64_t>::max());
  v1::HideItemsResponse hidden;
  grpc::ClientContext context;
  ASSERT_TRUE(v1::Catalog::NewStub(channel_)->HideItems(&context, hide, &hidden).ok());
  for (const v1::Similarity by : {v1::SIMILARITY_CONTENT, v1::SIMILARITY_BOTH}) {
    response.Clear();
    ASSERT_TRUE(Similar("i10", by, response).ok());
    for (const v1::SimilarItem& similar : response.items()) EXPECT_NE(similar.item_id(), alike);
  }
}

TEST_F(GivenVectorsTest, NeighboursAreTheSameInThreeProcessesAndAfterARestart) {
  StartOne();
  TellOfTheOthers();
  std::vector<std::vector<std::string>> in_one_process;
  for (const v1::Similarity by : kAll) in_one_process.push_back(Alike("i10", by));
  recommend_ = nullptr;
  StartThree();  // Which find what was told in the store.
  for (size_t i = 0; i < kAll.size(); ++i) EXPECT_EQ(Alike("i10", kAll[i]), in_one_process[i]);
  ExpectNeighboursOfTheirClass();
}

TEST_F(GivenVectorsTest, NewItemsAreRecommendedToWhoLikesTheirClass) {
  StartOne();
  TellOfTheOthers();  // Half of them of class 0, half of class 2.
  v1::RecommendRequest request;
  for (const char* id : {"i2", "i6", "i14", "i18", "i22", "i26"})
    request.mutable_anonymous()->add_recent_item_ids(id);
  request.set_count(30);
  v1::RecommendResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(v1::Recommender::NewStub(channel_)->Recommend(&context, request, &response).ok());
  int liked = 0, others = 0;
  for (const v1::RecommendedItem& item : response.items())
    if (item.vector_origin() == v1::VECTOR_ORIGIN_FROM_ATTRIBUTES)
      ++(ClassOf(item.item_id()) == 2 ? liked : others);
  EXPECT_GE(liked, 2);
  EXPECT_GT(liked, 2 * others);
}

}  // namespace
}  // namespace shortlist
