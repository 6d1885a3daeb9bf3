// Streams of calls: each message that a client sends is answered, in the frame of a call
// (unary_calls.h) with its steps, its deadline and its worker, before the next is read. An error is
// the end of its stream.
//
// Thread-safe; refers to the calls, which must outlive it. Goes once no stream is open any more.
//
//   return streams_.Answer<v1::RecordRequest, v1::RecordResponse>(
//       context, [this](auto& request, const Call& call, auto& answer) { return ...; });
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "serving/rpc/unary_calls.h"

namespace shortlist {

class CallStreams {
 public:
  using Reactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

  explicit CallStreams(const UnaryCalls& calls) : calls_(calls) {}

  // `handler`: absl::Status(Request&, const Call&, Response&).
  template <class Request, class Response, class Handler>
  Reactor* Answer(grpc::CallbackServerContext* context, Handler handler) {
    return Open([this, context, handler = std::move(handler)](
                    const grpc::ByteBuffer* request, grpc::ByteBuffer* response, Done done) {
      calls_.Run<Request, Response>(context, request, response, handler, std::move(done));
    });
  }

  // Ends every stream with UNAVAILABLE, once it has answered what it read, and those that are
  // opened later at once: a server that is to stop need not wait for clients that have nothing to
  // send.
  void End();

 private:
  class Stream;
  using Done = std::function<void(const grpc::Status&)>;
  // Answers one message.
  using AnswerOne =
      std::function<void(const grpc::ByteBuffer* request, grpc::ByteBuffer* response, Done done)>;

  Reactor* Open(AnswerOne answer_one);
  void Close(Stream* stream);

  const UnaryCalls& calls_;
  std::mutex mutex_;  // Guards what follows.
  absl::flat_hash_map<Stream*, std::shared_ptr<Stream>> open_;
  bool ended_ = false;
};

}  // namespace shortlist
