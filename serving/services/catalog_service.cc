#include "serving/services/catalog_service.h"

namespace shortlist {

grpc::ServerUnaryReactor* CatalogService::GetItem(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) {
  return calls_.Answer<v1::GetItemRequest, v1::GetItemResponse>(
      context, request, response,
      [this](const v1::GetItemRequest& parsed, const Call& /*call*/, v1::GetItemResponse& answer) {
        return catalog_.GetItem(parsed, answer);
      });
}

grpc::ServerUnaryReactor* CatalogService::ListItems(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return calls_.Answer<v1::ListItemsRequest, v1::ListItemsResponse>(
      context, request, response,
      [this](const v1::ListItemsRequest& parsed, const Call& /*call*/,
             v1::ListItemsResponse& answer) { return catalog_.ListItems(parsed, answer); });
}

}  // namespace shortlist
