// The frame around every RPC: parses the request on an arena, runs the handler on a worker, turns
// its answer or its error into gRPC's. The services' methods are one line each:
//
//   return calls_.Answer<v1::RankRequest, v1::RankResponse>(
//       context, request, response, [this](const auto& request, CallTimes times, auto& answer) {
//         return ...;
//       });
#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "serving/rpc/request_parser.h"
#include "serving/rpc/request_workers.h"
#include "serving/rpc/status_conversion.h"
#include "spdlog/spdlog.h"

namespace shortlist {

struct CallTimes {
  absl::Time arrival;
  absl::Time deadline;
};

// Const and thread-safe; refers to the workers, which must outlive every call.
class UnaryCalls {
 public:
  // No request may take longer than `timeout`, whatever its caller's deadline.
  UnaryCalls(RequestWorkers& workers, absl::Duration timeout)
      : workers_(workers), timeout_(timeout) {}

  // `handler`: absl::Status(const Request&, CallTimes, Response&).
  template <class Request, class Response, class Handler>
  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request, grpc::ByteBuffer* response,
                                   Handler handler) const {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const absl::Time now = absl::Now();
    const CallTimes times{
        .arrival = now,
        .deadline = std::min(absl::FromChrono(context->deadline()), now + timeout_)};
    workers_.Run([context, request, response, reactor, times, handler = std::move(handler)] {
      // Nobody waits any more for a request that was queued for too long.
      if (context->IsCancelled() || absl::Now() >= times.deadline)
        return reactor->Finish({grpc::StatusCode::DEADLINE_EXCEEDED,
                                "the deadline passed while the request was queued"});
      google::protobuf::Arena arena(ArenaSize());
      auto& parsed = *google::protobuf::Arena::CreateMessage<Request>(&arena);
      auto& answer = *google::protobuf::Arena::CreateMessage<Response>(&arena);
      absl::Status status = ParseRequest(*request, parsed);
      if (status.ok()) status = handler(parsed, times, answer);
      LogIfOurFault(*context, status);
      if (!status.ok()) return reactor->Finish(ToGrpcStatus(status));
      bool own_buffer = false;
      reactor->Finish(
          grpc::SerializationTraits<Response>::Serialize(answer, response, &own_buffer));
    });
    return reactor;
  }

 private:
  static google::protobuf::ArenaOptions ArenaSize() {
    google::protobuf::ArenaOptions options;
    options.start_block_size = 8 << 10;  // A request and its answer of 20 items, in one block.
    return options;
  }
  // Errors that are not the caller's doing.
  static void LogIfOurFault(const grpc::CallbackServerContext& context,
                            const absl::Status& status) {
    switch (status.code()) {
      case absl::StatusCode::kInternal:
      case absl::StatusCode::kDataLoss:
      case absl::StatusCode::kUnknown:
        spdlog::error("request from {} failed: {}", context.peer(), status.ToString());
        break;
      default:
        break;
    }
  }

  RequestWorkers& workers_;
  absl::Duration timeout_;
};

}  // namespace shortlist
