// shortlist.v1.Catalog over gRPC. Refers to its parts, which must outlive it.
#pragma once

#include "serving/rpc/unary_calls.h"
#include "serving/services/catalog_reader.h"
#include "shortlist/v1/catalog.grpc.pb.h"

namespace shortlist {

class CatalogService : public v1::Catalog::WithRawCallbackMethod_GetItem<
                           v1::Catalog::WithRawCallbackMethod_ListItems<v1::Catalog::Service>> {
 public:
  CatalogService(const CatalogReader& catalog, const UnaryCalls& calls)
      : catalog_(catalog), calls_(calls) {}

  grpc::ServerUnaryReactor* GetItem(grpc::CallbackServerContext* context,
                                    const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListItems(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;

 private:
  const CatalogReader& catalog_;
  const UnaryCalls& calls_;
};

}  // namespace shortlist
