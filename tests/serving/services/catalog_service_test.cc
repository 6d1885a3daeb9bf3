#include "serving/services/catalog_service.h"

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include "serving/rpc/credentials.h"
#include "tests/support/local_service.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

TEST(CatalogService, AnswersOverGrpcWhatTheReaderSays) {
  LocalStageServices parts(SharedTestModels().bundle());
  const CatalogReader reader(parts.bundles);
  CatalogService service(reader, parts.calls);
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
  server->Shutdown(absl::Seconds(5));
}

}  // namespace
}  // namespace shortlist
