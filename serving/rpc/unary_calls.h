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

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "serving/rpc/call_step.h"
#include "serving/rpc/request_parser.h"
#include "serving/rpc/request_workers.h"
#include "serving/rpc/retry_hint.h"
#include "serving/rpc/status_conversion.h"

namespace shortlist {

// The end of time where the caller has none, which gRPC says as the last time that it can.
inline absl::Time DeadlineOf(const grpc::CallbackServerContext& context) {
  const std::chrono::system_clock::time_point deadline = context.deadline();
  return deadline == std::chrono::system_clock::time_point::max() ? absl::InfiniteFuture()
                                                                  : absl::FromChrono(deadline);
}

// Const and thread-safe; refers to its parts, which must outlive every call.
class UnaryCalls {
 public:
  // `steps` see every call, in their order. One that is refused at its arrival is answered by who
  // brings it, and is not parsed.
  UnaryCalls(RequestWorkers& workers, const Clock& clock, std::vector<const CallStep*> steps)
      : workers_(workers), clock_(clock), steps_(std::move(steps)) {}

  // `handler`: absl::Status(Request&, const Call&, Response&).
  template <class Request, class Response, class Handler>
  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request, grpc::ByteBuffer* response,
                                   Handler handler) const {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    Run<Request, Response>(context, request, response, std::move(handler),
                           [reactor](const grpc::Status& status) { reactor->Finish(status); });
    return reactor;
  }

  // The same for a request that came otherwise, such as on a stream: `done(const grpc::Status&)` is
  // called last, and `response` is there if the status is OK.
  template <class Request, class Response, class Handler, class Done>
  void Run(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
           grpc::ByteBuffer* response, Handler handler, Done done) const {
    Call call{.arrival = clock_(),
              .deadline = DeadlineOf(*context),
              .is_cancelled = [context] { return context->IsCancelled(); },
              .peer = [context] { return context->peer(); },
              .metadata = [context](std::string_view key) { return MetadataOf(*context, key); }};
    size_t arrived_at = 0;  // So many steps.
    if (const absl::Status status = Arrive(call, arrived_at); !status.ok()) {
      End(call, arrived_at, status);
      return Fail(*context, status, done);
    }
    workers_.Run([this, context, request, response, call = std::move(call),
                  handler = std::move(handler), done = std::move(done)] {
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
      End(call, steps_.size(), status);
      if (!status.ok()) return Fail(*context, status, done);
      bool own_buffer = false;
      done(grpc::SerializationTraits<Response>::Serialize(answer, response, &own_buffer));
    });
  }

 private:
  absl::Status Arrive(Call& call, size_t& arrived_at) const {
    for (const CallStep* step : steps_) {
      ++arrived_at;
      if (absl::Status status = step->OnArrival(call); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::Status Begin(const Call& call) const {
    for (const CallStep* step : steps_)
      if (absl::Status status = step->OnBegin(call); !status.ok()) return status;
    return absl::OkStatus();
  }
  void End(const Call& call, size_t arrived_at, const absl::Status& status) const {
    for (size_t i = 0; i < arrived_at; ++i) steps_[i]->OnEnd(call, status);
  }

  template <class Done>
  static void Fail(grpc::CallbackServerContext& context, const absl::Status& status, Done& done) {
    if (const auto wait = RetryHintOf(status))
      context.AddTrailingMetadata(kRetryHintKey, absl::StrCat(absl::ToInt64Milliseconds(*wait)));
    done(ToGrpcStatus(status));
  }

  static std::string MetadataOf(const grpc::CallbackServerContext& context, std::string_view key) {
    const auto& metadata = context.client_metadata();
    const auto found = metadata.find(grpc::string_ref(key.data(), key.size()));
    return found == metadata.end() ? "" : std::string(found->second.data(), found->second.size());
  }

  RequestWorkers& workers_;
  const Clock& clock_;
  std::vector<const CallStep*> steps_;
};

}  // namespace shortlist
