#include "serving/services/events_service.h"

namespace shortlist {

grpc::ServerUnaryReactor* EventsService::Record(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) {
  return calls_.Answer<v1::RecordRequest, v1::RecordResponse>(
      context, request, response,
      [this](const v1::RecordRequest& parsed, const Call& /*call*/, v1::RecordResponse& answer) {
        return recorder_.Record(parsed, answer);
      });
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* EventsService::RecordStream(
    grpc::CallbackServerContext* context) {
  return streams_.Answer<v1::RecordRequest, v1::RecordResponse>(
      context, [this](const v1::RecordRequest& parsed, const Call& /*call*/,
                      v1::RecordResponse& answer) { return recorder_.Record(parsed, answer); });
}

}  // namespace shortlist
