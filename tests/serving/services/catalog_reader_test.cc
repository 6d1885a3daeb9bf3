#include "serving/services/catalog_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

class CatalogReaderTest : public ::testing::Test {
 protected:
  v1::ListItemsResponse List(const v1::ListItemsRequest& request) {
    v1::ListItemsResponse response;
    const absl::Status status = reader_.ListItems(request, response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }
  absl::Status ErrorOf(const v1::ListItemsRequest& request) {
    v1::ListItemsResponse response;
    return reader_.ListItems(request, response);
  }

  BundleRegistry bundles_{SharedTestModels().bundle()};
  CatalogReader reader_{bundles_};
};

TEST_F(CatalogReaderTest, KnowsAnItemsTitleAttributesAndPopularity) {
  v1::GetItemRequest request;
  request.set_item_id("i6");
  v1::GetItemResponse response;
  ASSERT_TRUE(reader_.GetItem(request, response).ok());
  const v1::Item& item = response.item();
  EXPECT_EQ(item.item_id(), "i6");
  EXPECT_EQ(item.title(), "Item 6");
  ASSERT_EQ(item.attributes_size(), 2);
  EXPECT_EQ(item.attributes(0).ShortDebugString(), "name: \"genre\" values: \"Horror\"");
  EXPECT_EQ(item.attributes(1).ShortDebugString(), "name: \"year\" values: \"1982\"");
  int64_t interactions = 0;
  for (const DatasetInteraction& interaction : SharedTestModels().dataset().interactions)
    if (SharedTestModels().dataset().items.ids[interaction.item] == "i6") ++interactions;
  EXPECT_EQ(item.interaction_count(), interactions);
}

TEST_F(CatalogReaderTest, AnItemThatItDoesNotKnowIsNotFound) {
  v1::GetItemRequest request;
  request.set_item_id("i120");
  v1::GetItemResponse response;
  EXPECT_EQ(reader_.GetItem(request, response),
            absl::NotFoundError("item_id: the catalog has no item \"i120\""));
}

TEST_F(CatalogReaderTest, PagesCoverEveryItemOnceInTheSameOrder) {
  const v1::ListItemsResponse all = List(v1::ListItemsRequest());
  EXPECT_EQ(all.items_size(), 100);
  EXPECT_EQ(all.total_count(), 120);
  v1::ListItemsRequest request;
  request.set_page_size(40);
  std::vector<std::string> ids;
  int pages = 0;
  do {
    const v1::ListItemsResponse page = List(request);
    EXPECT_EQ(page.total_count(), 120);
    for (const v1::Item& item : page.items()) ids.push_back(item.item_id());
    request.set_page_token(page.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  ASSERT_EQ(ids.size(), 120u);
  const Catalog& catalog = SharedTestModels().bundle()->catalog;
  for (ItemRow row = 0; row < 120; ++row) EXPECT_EQ(ids[row], catalog.id(row));
}

TEST_F(CatalogReaderTest, ListsWhatPassesAFilterAndHasNoPageAfterTheLast) {
  v1::ListItemsRequest request;
  v1::AttributeCondition* condition = request.mutable_filter()->add_all_of();
  condition->set_attribute("genre");
  condition->mutable_any_value()->add_values("Horror");
  request.set_page_size(15);
  v1::ListItemsResponse page = List(request);
  EXPECT_EQ(page.items_size(), 15);
  EXPECT_EQ(page.total_count(), 30);
  request.set_page_token(page.next_page_token());
  page = List(request);
  EXPECT_EQ(page.items_size(), 15);
  EXPECT_EQ(page.next_page_token(), "");
  for (const v1::Item& item : page.items()) EXPECT_EQ(item.attributes(0).values(0), "Horror");
}

TEST_F(CatalogReaderTest, RefusesATokenOfAnotherBundle) {
  v1::ListItemsRequest request;
  request.set_page_size(10);
  request.set_page_token(List(request).next_page_token());
  bundles_.Replace(OtherTestModels().bundle());
  EXPECT_EQ(ErrorOf(request),
            absl::InvalidArgumentError(
                "page_token: is of a bundle that is no longer served; begin again"));
}

TEST_F(CatalogReaderTest, RefusesATokenThatItNeverReturned) {
  v1::ListItemsRequest request;
  for (const char* token : {"x", "10", ".", "abc.", "abc.x", "abc.-1", "abc.99999999999"}) {
    request.set_page_token(token);
    EXPECT_EQ(ErrorOf(request),
              absl::InvalidArgumentError("page_token: is not a token that ListItems returned"))
        << token;
  }
}

TEST_F(CatalogReaderTest, NamesTheFieldOfAFilterThatDoesNotFit) {
  v1::ListItemsRequest request;
  v1::AttributeCondition* condition = request.mutable_filter()->add_all_of();
  condition->set_attribute("colour");
  condition->mutable_any_value()->add_values("red");
  EXPECT_EQ(ErrorOf(request).message().substr(0, 27), "filter.all_of[0].attribute:");
}

}  // namespace
}  // namespace shortlist
