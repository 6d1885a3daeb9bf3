#include "serving/catalog/catalog_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "serving/services/catalog_reader.h"
#include "state/state_stores.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

class CatalogWriterTest : public testing::Test {
 protected:
  CatalogWriterTest() { EXPECT_TRUE(follower_.CatchUp().ok()); }

  v1::UpsertItemsResponse Upsert(const v1::UpsertItemsRequest& request) {
    v1::UpsertItemsResponse response;
    const absl::Status status = writer_.UpsertItems(request, response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }
  std::string ErrorOf(const v1::UpsertItemsRequest& request) {
    v1::UpsertItemsResponse response;
    const absl::Status status = writer_.UpsertItems(request, response);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  }
  absl::StatusOr<v1::Item> Get(const std::string& id) {
    v1::GetItemRequest request;
    request.set_item_id(id);
    v1::GetItemResponse response;
    const absl::Status status = CatalogReader(bundles_).GetItem(request, response);
    if (!status.ok()) return status;
    return response.item();
  }
  static v1::Item& AddItem(v1::UpsertItemsRequest& request, const std::string& id,
                           const std::string& title, const std::vector<std::string>& genres) {
    v1::Item& item = *request.add_items();
    item.set_item_id(id);
    item.set_title(title);
    v1::Attribute& attribute = *item.add_attributes();
    attribute.set_name("genre");
    attribute.mutable_values()->Assign(genres.begin(), genres.end());
    return item;
  }

  const TemporaryFolder folder_;
  const std::unique_ptr<StateStore> store_ =
      OpenStateStore(folder_ / "state.db", StateProjection(), IfMissing::kCreate).value();
  const Clock clock_ = absl::Now;
  BundleRegistry bundles_{SharedTestModels().bundle()};
  LiveCatalog catalog_{bundles_};
  CatalogFollower follower_{*store_, catalog_, clock_};
  const CatalogWriter writer_{bundles_, *store_, follower_, clock_};
};

TEST_F(CatalogWriterTest, WhatIsToldIsReadAtOnceAndWhatIsTheSameChangesNothing) {
  v1::UpsertItemsRequest request;
  AddItem(request, "new", "New", {"Drama", "Noir"});
  *request.add_items() = *Get("i3");
  v1::UpsertItemsResponse response = Upsert(request);
  EXPECT_EQ(response.changed(), 1);
  EXPECT_EQ(response.unchanged(), 1);
  const v1::Item item = *Get("new");
  EXPECT_EQ(item.title(), "New");
  EXPECT_EQ(item.vector_origin(), v1::VECTOR_ORIGIN_FROM_ATTRIBUTES);
  EXPECT_EQ(item.attributes(0).ShortDebugString(),
            R"(name: "genre" values: "Drama" values: "Noir")");
  response = Upsert(request);
  EXPECT_EQ(response.changed(), 0);
  EXPECT_EQ(response.unchanged(), 2);
}

TEST_F(CatalogWriterTest, AVectorOfABundleWithoutVectorsIsRefusedByName) {
  v1::UpsertItemsRequest request;
  AddItem(request, "new", "New", {"Drama"}).add_vector(1);
  EXPECT_THAT(ErrorOf(request), HasSubstr("items[0].vector: the items that the bundle was trained "
                                          "with have no vectors"));
}

TEST_F(CatalogWriterTest, DeletedItemsAreGoneUntilTheyComeBack) {
  v1::DeleteItemsRequest request;
  request.add_item_ids("i3");
  request.add_item_ids("never");
  v1::DeleteItemsResponse response;
  const v1::Item item = *Get("i3");
  ASSERT_TRUE(writer_.DeleteItems(request, response).ok());
  EXPECT_EQ(Get("i3").status().code(), absl::StatusCode::kNotFound);
  v1::UpsertItemsRequest back;
  *back.add_items() = item;
  EXPECT_EQ(Upsert(back).changed(), 1);
  EXPECT_EQ(Get("i3")->SerializeAsString(), item.SerializeAsString());
}

TEST_F(CatalogWriterTest, HiddenItemsAreThereAndSayThatTheyAreHidden) {
  v1::HideItemsRequest request;
  request.add_item_ids("i3");
  request.set_until_ms(absl::ToUnixMillis(absl::Now() + absl::Hours(1)));
  v1::HideItemsResponse response;
  ASSERT_TRUE(writer_.HideItems(request, response).ok());
  EXPECT_TRUE(Get("i3")->hidden());
  v1::ListItemsRequest list;
  v1::ListItemsResponse listed;
  ASSERT_TRUE(CatalogReader(bundles_).ListItems(list, listed).ok());
  EXPECT_EQ(listed.total_count(), 119);
  request.set_until_ms(0);
  ASSERT_TRUE(writer_.HideItems(request, response).ok());
  EXPECT_FALSE(Get("i3")->hidden());
}

TEST_F(CatalogWriterTest, ListsWhatStillCountsPageByPageAndGoesOnFromThere) {
  v1::ListChangesRequest request;
  v1::ListChangesResponse response;
  ASSERT_TRUE(writer_.ListChanges(request, response).ok());
  EXPECT_EQ(response.changes_size(), 0);
  EXPECT_EQ(response.next_page_token(), "");
  for (int i = 0; i < 5; ++i) {
    v1::UpsertItemsRequest upsert;
    AddItem(upsert, absl::StrCat("new", i % 3), absl::StrCat("Title ", i), {"Drama"});
    Upsert(upsert);
  }
  std::vector<std::string> titles;
  request.set_page_size(2);
  do {
    response.Clear();
    ASSERT_TRUE(writer_.ListChanges(request, response).ok());
    for (const v1::ItemChange& change : response.changes()) {
      EXPECT_GT(change.time_ms(), 0);
      titles.push_back(change.upsert().title());
    }
    request.set_page_token(response.next_page_token());
  } while (response.changes_size() > 0);
  EXPECT_THAT(titles, ::testing::ElementsAre("Title 2", "Title 3", "Title 4"));
  v1::DeleteItemsRequest deletion;
  deletion.add_item_ids("new0");
  v1::DeleteItemsResponse deleted;
  ASSERT_TRUE(writer_.DeleteItems(deletion, deleted).ok());
  response.Clear();
  ASSERT_TRUE(writer_.ListChanges(request, response).ok());
  ASSERT_EQ(response.changes_size(), 1);
  EXPECT_TRUE(response.changes(0).has_deletion());
  request.set_page_token("x");
  EXPECT_EQ(writer_.ListChanges(request, response).code(), absl::StatusCode::kInvalidArgument);
}

class VectorWriterTest : public CatalogWriterTest {
 protected:
  VectorWriterTest() {
    EXPECT_TRUE(catalog_.Replace(VectorTestModels().bundle(), /*now_ms=*/0).ok());
  }
};

TEST_F(VectorWriterTest, AVectorIsReadBackAndTheSameChangesNothing) {
  const std::vector<float> vector = {0.25F, -1, 0, 0, 3, 1e-3F};
  v1::UpsertItemsRequest request;
  v1::Item& item = *request.add_items();
  item.set_item_id("new");
  item.mutable_vector()->Assign(vector.begin(), vector.end());
  *request.add_items() = *Get("i3");
  EXPECT_EQ(request.items(1).vector_size(), 6);
  EXPECT_EQ(Upsert(request).changed(), 1);
  EXPECT_EQ(Upsert(request).unchanged(), 2);
  EXPECT_THAT(Get("new")->vector(), ElementsAreArray(vector));
  EXPECT_EQ(Get("new")->vector_origin(), v1::VECTOR_ORIGIN_FROM_ATTRIBUTES);
  v1::ListChangesRequest list;
  v1::ListChangesResponse listed;
  ASSERT_TRUE(writer_.ListChanges(list, listed).ok());
  ASSERT_EQ(listed.changes_size(), 1);
  EXPECT_THAT(listed.changes(0).upsert().vector(), ElementsAreArray(vector));
  v1::ListItemsResponse items;
  ASSERT_TRUE(CatalogReader(bundles_).ListItems(v1::ListItemsRequest(), items).ok());
  EXPECT_EQ(items.items(0).vector_size(), 0);

  request.mutable_items(1)->mutable_vector()->Assign(vector.begin(), vector.end());
  EXPECT_EQ(Upsert(request).changed(), 1);
  EXPECT_THAT(Get("i3")->vector(), ElementsAreArray(vector));
  // Without a vector, a trained item has the one that it was trained with, a new one none.
  request.mutable_items(0)->clear_vector();
  request.mutable_items(1)->clear_vector();
  EXPECT_EQ(Upsert(request).changed(), 2);
  EXPECT_EQ(Upsert(request).changed(), 0);
  EXPECT_EQ(Get("new")->vector_size(), 0);
  const Bundle& trained = *VectorTestModels().bundle();
  EXPECT_THAT(Get("i3")->vector(),
              ElementsAreArray(trained.vectors.vector(*trained.catalog.FindItem("i3"))));
  EXPECT_EQ(Get("i3")->vector_origin(), v1::VECTOR_ORIGIN_TRAINED);
}

TEST_F(VectorWriterTest, NamesWhatIsWrongWithAVectorAndDoesNothing) {
  v1::UpsertItemsRequest request;
  v1::Item& item = AddItem(request, "new", "New", {"Drama"});
  for (int i = 0; i < 5; ++i) item.add_vector(1);
  EXPECT_THAT(ErrorOf(request), HasSubstr("items[0].vector: has 5 numbers"));
  item.add_vector(NAN);
  EXPECT_THAT(ErrorOf(request), HasSubstr("items[0].vector[5]: is not finite"));
  for (float& x : *item.mutable_vector()) x = 0;
  EXPECT_THAT(ErrorOf(request), HasSubstr("items[0].vector: is all 0"));
  EXPECT_FALSE(Get("new").ok());
}

TEST_F(CatalogWriterTest, PagesOfLargeChangesEndSooner) {
  std::vector<v1::LogEntry> entries(300);
  for (size_t i = 0; i < entries.size(); ++i) {
    v1::ItemChange& change = *entries[i].mutable_item();
    change.set_item_id(absl::StrCat("new", i));
    change.mutable_upsert()->mutable_vector()->Resize(4'096, 1);
  }
  ASSERT_TRUE(store_->Append(entries).ok());
  v1::ListChangesRequest request;
  request.set_page_size(1'000);
  int changes = 0;
  for (v1::ListChangesResponse response;; response.Clear()) {
    ASSERT_TRUE(writer_.ListChanges(request, response).ok());
    if (response.changes().empty()) break;
    EXPECT_LT(response.ByteSizeLong(), 4u << 20);
    changes += response.changes_size();
    request.set_page_token(response.next_page_token());
  }
  EXPECT_EQ(changes, 300);
}

TEST_F(CatalogWriterTest, NamesWhatIsWrongAndDoesNothing) {
  v1::UpsertItemsRequest request;
  EXPECT_THAT(ErrorOf(request), HasSubstr("items: must be 1 to 1000, is 0"));
  AddItem(request, "good", "Good", {"Drama"});
  v1::Item& item = AddItem(request, "bad", "Bad", {"Drama"});
  item.mutable_attributes(0)->set_name("colour");
  EXPECT_THAT(ErrorOf(request), HasSubstr("items[1].attributes[0].name: unknown item attribute"));
  item.mutable_attributes(0)->set_name("year");
  EXPECT_THAT(ErrorOf(request), HasSubstr("items[1].attributes[0].values[0]: \"Drama\" is not"));
  item.mutable_attributes(0)->set_name("genre");
  item.set_title(std::string(5'000, 'x'));
  EXPECT_THAT(ErrorOf(request), HasSubstr("items[1].title: has 5000 bytes"));
  item.set_title("");
  item.set_item_id("");
  EXPECT_THAT(ErrorOf(request), HasSubstr("items[1].item_id: is empty"));
  item.set_item_id("good");
  EXPECT_THAT(ErrorOf(request), HasSubstr("items[1].item_id: \"good\" is there twice"));
  EXPECT_FALSE(Get("good").ok());
  EXPECT_EQ(bundles_.Current(), SharedTestModels().bundle());

  v1::DeleteItemsRequest deletion;
  v1::DeleteItemsResponse deleted;
  EXPECT_EQ(writer_.DeleteItems(deletion, deleted).code(), absl::StatusCode::kInvalidArgument);
  v1::HideItemsRequest hiding;
  hiding.add_item_ids("i1");
  hiding.set_until_ms(-1);
  v1::HideItemsResponse hidden;
  EXPECT_EQ(writer_.HideItems(hiding, hidden).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace shortlist
