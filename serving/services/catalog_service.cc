#include "serving/services/catalog_service.h"

namespace shortlist {

grpc::ServerUnaryReactor* CatalogService::GetItem(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) {
  return calls_.Answer<v1::GetItemRequest, v1::GetItemResponse>(
      context, request, response,
      [this](const v1::GetItemRequest& parsed, const Call& /*call*/, v1::GetItemResponse& answer) {
        return reader_.GetItem(parsed, answer);
      });
}

grpc::ServerUnaryReactor* CatalogService::ListItems(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return calls_.Answer<v1::ListItemsRequest, v1::ListItemsResponse>(
      context, request, response,
      [this](const v1::ListItemsRequest& parsed, const Call& /*call*/,
             v1::ListItemsResponse& answer) { return reader_.ListItems(parsed, answer); });
}

grpc::ServerUnaryReactor* CatalogService::UpsertItems(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return store_calls_.Answer<v1::UpsertItemsRequest, v1::UpsertItemsResponse>(
      context, request, response,
      [this](const v1::UpsertItemsRequest& parsed, const Call& /*call*/,
             v1::UpsertItemsResponse& answer) { return writer_.UpsertItems(parsed, answer); });
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* CatalogService::UpsertItemStream(
    grpc::CallbackServerContext* context) {
  return streams_.Answer<v1::UpsertItemsRequest, v1::UpsertItemsResponse>(
      context,
      [this](const v1::UpsertItemsRequest& parsed, const Call& /*call*/,
             v1::UpsertItemsResponse& answer) { return writer_.UpsertItems(parsed, answer); });
}

grpc::ServerUnaryReactor* CatalogService::DeleteItems(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return store_calls_.Answer<v1::DeleteItemsRequest, v1::DeleteItemsResponse>(
      context, request, response,
      [this](const v1::DeleteItemsRequest& parsed, const Call& /*call*/,
             v1::DeleteItemsResponse& answer) { return writer_.DeleteItems(parsed, answer); });
}

grpc::ServerUnaryReactor* CatalogService::HideItems(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return store_calls_.Answer<v1::HideItemsRequest, v1::HideItemsResponse>(
      context, request, response,
      [this](const v1::HideItemsRequest& parsed, const Call& /*call*/,
             v1::HideItemsResponse& answer) { return writer_.HideItems(parsed, answer); });
}

grpc::ServerUnaryReactor* CatalogService::ListChanges(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return store_calls_.Answer<v1::ListChangesRequest, v1::ListChangesResponse>(
      context, request, response,
      [this](const v1::ListChangesRequest& parsed, const Call& /*call*/,
             v1::ListChangesResponse& answer) { return writer_.ListChanges(parsed, answer); });
}

}  // namespace shortlist
