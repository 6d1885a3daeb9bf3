// A call to a service with replicas that is made a second time, to another replica, when the first
// has not been answered for longer than most calls take: the first answer counts, the other call is
// cancelled (Dean and Barroso, The Tail at Scale, 2013). For calls that change nothing.
//
//   Hedging hedging(0.95);   // one for all calls of a service
//   grpc::Status status = hedging.Call<v1::RankResponse>(
//       deadline, response, arena, [&](grpc::ClientContext* context, v1::RankResponse* response,
//                                      std::function<void(grpc::Status)> done) {
//         stub->async()->Rank(context, &request, response, std::move(done));
//       });
#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <array>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "serving/remote/latency_quantile.h"

namespace shortlist {

// Thread-safe.
class Hedging {
 public:
  // Calls that take longer than the quantile, above 0 and below 1, of those before are made twice.
  explicit Hedging(double quantile) : latency_(quantile, absl::Milliseconds(10)) {}

  // `start(context, response, done)` starts the call; what it refers to must outlive this one,
  // which returns when no call is under way any more. The status is OK if one is; otherwise the
  // first call's.
  template <class Response, class Start>
  grpc::Status Call(absl::Time deadline, Response& response, google::protobuf::Arena& arena,
                    const Start& start);

  absl::Duration delay() const { return latency_.value(); }

 private:
  template <class Response>
  struct Attempt {
    grpc::ClientContext context;
    Response* response = nullptr;
    std::optional<grpc::Status> status;
  };

  LatencyQuantile latency_;
};

template <class Response, class Start>
grpc::Status Hedging::Call(absl::Time deadline, Response& response, google::protobuf::Arena& arena,
                           const Start& start) {
  const absl::Time begin = absl::Now();
  std::mutex mutex;
  std::condition_variable answered;
  std::array<Attempt<Response>, 2> attempts;
  size_t started = 0;
  const auto start_next = [&] {
    Attempt<Response>& attempt = attempts[started++];
    attempt.context.set_deadline(absl::ToChronoTime(deadline));
    attempt.response =
        started == 1 ? &response : google::protobuf::Arena::CreateMessage<Response>(&arena);
    start(&attempt.context, attempt.response, [&](const grpc::Status& status) {
      // The lock is held until the end: who waits may go as soon as it is free.
      const std::lock_guard lock(mutex);
      attempt.status = status;
      answered.notify_all();
    });
  };
  const auto open = [&] {
    size_t count = 0;
    for (size_t i = 0; i < started; ++i) count += attempts[i].status ? 0 : 1;
    return count;
  };
  const auto winner = [&]() -> Attempt<Response>* {
    for (size_t i = 0; i < started; ++i)
      if (attempts[i].status && attempts[i].status->ok()) return &attempts[i];
    return nullptr;
  };

  start_next();
  std::unique_lock lock(mutex);
  answered.wait_for(lock, absl::ToChronoNanoseconds(delay()), [&] { return open() == 0; });
  if (open() > 0) {
    lock.unlock();
    start_next();
    lock.lock();
    answered.wait(lock, [&] { return winner() != nullptr || open() == 0; });
    for (size_t i = 0; i < started; ++i)
      if (!attempts[i].status) attempts[i].context.TryCancel();
    answered.wait(lock, [&] { return open() == 0; });
  }
  Attempt<Response>* const first = winner();
  if (first == nullptr) return *attempts[0].status;
  latency_.Add(absl::Now() - begin);
  if (first->response != &response) response.Swap(first->response);
  return grpc::Status::OK;
}

}  // namespace shortlist
