// shortlist.v1.Events over gRPC. Refers to its parts, which must outlive it.
#pragma once

#include "serving/events/event_recorder.h"
#include "serving/rpc/call_streams.h"
#include "serving/rpc/unary_calls.h"
#include "shortlist/v1/events.grpc.pb.h"

namespace shortlist {

class EventsService : public v1::Events::WithRawCallbackMethod_Record<
                          v1::Events::WithRawCallbackMethod_RecordStream<v1::Events::Service>> {
 public:
  EventsService(const EventRecorder& recorder, const UnaryCalls& calls)
      : recorder_(recorder), calls_(calls), streams_(calls) {}

  grpc::ServerUnaryReactor* Record(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* RecordStream(
      grpc::CallbackServerContext* context) override;

  // Ends the streams (CallStreams::End): to be called before the server is shut down.
  void EndStreams() { streams_.End(); }

 private:
  const EventRecorder& recorder_;
  const UnaryCalls& calls_;
  CallStreams streams_;
};

}  // namespace shortlist
