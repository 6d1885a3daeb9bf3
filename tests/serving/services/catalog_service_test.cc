#include "serving/services/catalog_service.h"

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include "serving/rpc/credentials.h"
#include "state/state_stores.h"
#include "tests/support/local_service.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

TEST(CatalogService, AnswersOverGrpcWhatReaderAndWriterSay) {
  LocalStageServices parts(SharedTestModels().bundle());
  const CatalogReader reader(parts.bundles);
  const TemporaryFolder folder;
  const std::unique_ptr<StateStore> store =
      OpenStateStore(folder / "state.db", StateProjection(), IfMissing::kCreate).value();
  LiveCatalog live(parts.bundles);
  CatalogFollower follower(*store, live, parts.clock);
  const CatalogWriter writer(parts.bundles, *store, follower, parts.clock);
  CatalogService service(reader, writer, parts.calls, parts.calls);
  const auto server = GrpcServer::Start("127.0.0.1:0", {{"catalog", &service}}).value();
  const auto stub =
      v1::Catalog::NewStub(grpc::CreateChannel(server->address(), CallingCredentials()));
  {
    grpc::ClientContext context;
    v1::GetItemRequest request;
    request.set_item_id("i3");
    v1::GetItemResponse served, read;
    ASSERT_TRUE(stub->GetItem(&context, request, &served).ok());
    ASSERT_TRUE(reader.GetItem(request, read).ok());
    EXPECT_EQ(served.SerializeAsString(), read.SerializeAsString());
  }
  {
    grpc::ClientContext context;
    v1::ListItemsRequest request;
    request.set_page_size(7);
    v1::ListItemsResponse page;
    ASSERT_TRUE(stub->ListItems(&context, request, &page).ok());
    EXPECT_EQ(page.items_size(), 7);
    EXPECT_EQ(page.total_count(), 120);
  }
  v1::UpsertItemsRequest upsert;
  upsert.add_items()->set_item_id("new");
  {
    grpc::ClientContext context;
    v1::UpsertItemsResponse response;
    ASSERT_TRUE(stub->UpsertItems(&context, upsert, &response).ok());
    EXPECT_EQ(response.changed(), 1);
  }
  {
    grpc::ClientContext context;
    const auto stream = stub->UpsertItemStream(&context);
    for (const char* title : {"One", "Two", "Two"}) {
      upsert.mutable_items(0)->set_title(title);
      v1::UpsertItemsResponse response;
      ASSERT_TRUE(stream->Write(upsert) && stream->Read(&response));
      EXPECT_EQ(response.changed() + response.unchanged(), 1);
    }
    stream->WritesDone();
    EXPECT_TRUE(stream->Finish().ok());
  }
  {
    grpc::ClientContext context;
    v1::HideItemsRequest request;
    request.add_item_ids("new");
    v1::HideItemsResponse response;
    EXPECT_TRUE(stub->HideItems(&context, request, &response).ok());
  }
  {
    grpc::ClientContext context;
    v1::DeleteItemsRequest request;
    request.add_item_ids("i3");
    v1::DeleteItemsResponse response;
    EXPECT_TRUE(stub->DeleteItems(&context, request, &response).ok());
  }
  {
    grpc::ClientContext context;
    v1::ListChangesResponse response;
    ASSERT_TRUE(stub->ListChanges(&context, v1::ListChangesRequest(), &response).ok());
    ASSERT_EQ(response.changes_size(), 3);
    EXPECT_EQ(response.changes(0).upsert().title(), "Two");
    EXPECT_EQ(response.changes(2).item_id(), "i3");
  }
  service.EndStreams();
  server->Shutdown(absl::Seconds(5));
}

}  // namespace
}  // namespace shortlist
