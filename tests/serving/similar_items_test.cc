#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/recommender_fixture.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class SimilarItemsTest : public RecommenderTest {
 protected:
  v1::SimilarItemsResponse Similar(const v1::SimilarItemsRequest& request) const {
    v1::SimilarItemsResponse response;
    const absl::Status status =
        MakeRecommender().SimilarItems(request, Budget(clock_, absl::InfiniteFuture()), response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }
};

TEST_F(SimilarItemsTest, AreTheNearestByEmbeddingWithoutTheItemItself) {
  v1::SimilarItemsRequest request;
  request.set_item_id("i9");
  const v1::SimilarItemsResponse response = Similar(request);
  ASSERT_EQ(response.items_size(), 20);
  EXPECT_EQ(response.bundle_id(), models_.bundle()->id);
  const Bundle& bundle = *models_.bundle();
  const std::span<const float> item = bundle.towers.item_embedding(*bundle.catalog.FindItem("i9"));
  for (int i = 0; i < response.items_size(); ++i) {
    const v1::SimilarItem& similar = response.items(i);
    EXPECT_NE(similar.item_id(), "i9");
    const ItemRow row = *bundle.catalog.FindItem(similar.item_id());
    EXPECT_EQ(similar.title(), bundle.catalog.title(row));
    float cosine = 0;
    for (size_t d = 0; d < item.size(); ++d)
      cosine += item[d] * bundle.towers.item_embedding(row)[d];
    EXPECT_NEAR(similar.similarity(), cosine, 1e-5);
    if (i > 0) {
      EXPECT_LE(similar.similarity(), response.items(i - 1).similarity());
    }
  }
}

TEST_F(SimilarItemsTest, PassTheFilterAndAreAtMostAsManyAsThereAre) {
  v1::SimilarItemsRequest request;
  request.set_item_id("i9");
  request.set_count(200);
  EXPECT_EQ(Similar(request).items_size(), 119);
  v1::AttributeCondition* condition = request.mutable_filter()->add_all_of();
  condition->set_attribute("genre");
  condition->mutable_any_value()->add_values("Drama");  // The item's own.
  EXPECT_EQ(Similar(request).items_size(), 29);
}

TEST_F(SimilarItemsTest, OfAnUnknownItemAreNotFound) {
  v1::SimilarItemsRequest request;
  request.set_item_id("nothing");
  v1::SimilarItemsResponse response;
  EXPECT_EQ(
      MakeRecommender().SimilarItems(request, Budget(clock_, absl::InfiniteFuture()), response),
      absl::NotFoundError("item_id: the catalog has no item \"nothing\""));
}

}  // namespace
}  // namespace shortlist
