// shortlist.v1.Catalog over gRPC. Refers to its parts, which must outlive it.
#pragma once

#include "serving/catalog/catalog_writer.h"
#include "serving/rpc/call_streams.h"
#include "serving/rpc/unary_calls.h"
#include "serving/services/catalog_reader.h"
#include "shortlist/v1/catalog.grpc.pb.h"

namespace shortlist {

using RawCatalogService = v1::Catalog::WithRawCallbackMethod_GetItem<
    v1::Catalog::WithRawCallbackMethod_ListItems<v1::Catalog::WithRawCallbackMethod_UpsertItems<
        v1::Catalog::WithRawCallbackMethod_UpsertItemStream<
            v1::Catalog::WithRawCallbackMethod_DeleteItems<
                v1::Catalog::WithRawCallbackMethod_HideItems<
                    v1::Catalog::WithRawCallbackMethod_ListChanges<v1::Catalog::Service>>>>>>>;

class CatalogService : public RawCatalogService {
 public:
  // `store_calls`: for what waits for the state store.
  CatalogService(const CatalogReader& reader, const CatalogWriter& writer, const UnaryCalls& calls,
                 const UnaryCalls& store_calls)
      : reader_(reader),
        writer_(writer),
        calls_(calls),
        store_calls_(store_calls),
        streams_(store_calls) {}

  // Ends the streams (CallStreams::End): to be called before the server is shut down.
  void EndStreams() { streams_.End(); }

  grpc::ServerUnaryReactor* GetItem(grpc::CallbackServerContext* context,
                                    const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListItems(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UpsertItems(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* UpsertItemStream(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* DeleteItems(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* HideItems(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListChanges(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;

 private:
  const CatalogReader& reader_;
  const CatalogWriter& writer_;
  const UnaryCalls& calls_;
  const UnaryCalls& store_calls_;
  CallStreams streams_;
};

}  // namespace shortlist
