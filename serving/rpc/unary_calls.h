// The frame around every RPC: its steps, parsing the request on an arena, running the handler on a
// worker, turning its answer or its error into gRPC's. The services' methods are one line each:
//
//   return calls_.Answer<v1::RankRequest, v1::RankResponse>(
//       context, request, response, [this](auto& request, const Call& call, auto& answer) {
//         return ...;
//       });
#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "serving/rpc/call_step.h"
#include "serving/rpc/request_parser.h"
#include "serving/rpc/request_workers.h"
#include "serving/rpc/status_conversion.h"

namespace shortlist {

// Const and thread-safe; refers to its parts, which must outlive every call.
class UnaryCalls {
 public:
  // `steps` see every call, in their order.
  UnaryCalls(RequestWorkers& workers, const Clock& clock, std::vector<const CallStep*> steps)
      : workers_(workers), clock_(clock), steps_(std::move(steps)) {}

  // `handler`: absl::Status(Request&, const Call&, Response&).
  template <class Request, class Response, class Handler>
  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request, grpc::ByteBuffer* response,
                                   Handler handler) const {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    Call call{.arrival = clock_(),
              .deadline = absl::FromChrono(context->deadline()),
              .is_cancelled = [context] { return context->IsCancelled(); },
              .peer = [context] { return context->peer(); }};
    for (const CallStep* step : steps_) step->OnArrival(call);
    workers_.Run([this, request, response, reactor, call = std::move(call),
                  handler = std::move(handler)] {
      google::protobuf::ArenaOptions options;
      options.start_block_size = 8 << 10;  // A request and its answer of 20 items, in one block.
      google::protobuf::Arena arena(options);
      auto& answer = *google::protobuf::Arena::CreateMessage<Response>(&arena);
      absl::Status status = Begin(call);
      if (status.ok()) {
        auto& parsed = *google::protobuf::Arena::CreateMessage<Request>(&arena);
        status = ParseRequest(*request, parsed);
        if (status.ok()) status = handler(parsed, call, answer);
      }
      for (const CallStep* step : steps_) step->OnEnd(call, status);
      if (!status.ok()) return reactor->Finish(ToGrpcStatus(status));
      bool own_buffer = false;
      reactor->Finish(
          grpc::SerializationTraits<Response>::Serialize(answer, response, &own_buffer));
    });
    return reactor;
  }

 private:
  absl::Status Begin(const Call& call) const {
    for (const CallStep* step : steps_)
      if (absl::Status status = step->OnBegin(call); !status.ok()) return status;
    return absl::OkStatus();
  }

  RequestWorkers& workers_;
  const Clock& clock_;
  std::vector<const CallStep*> steps_;
};

}  // namespace shortlist
