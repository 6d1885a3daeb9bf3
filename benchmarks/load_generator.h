// Sends a scenario's requests to a server and keeps a sample of every one.
//
// Open loop: requests are sent when the schedule says, however slow the answers are. Closed loop: a
// fixed number of requests is under way at any time, which finds the rate at which the server is
// saturated. Two threads: one sends, one receives; what each answer says is read after its time is
// taken.
//
//   LoadGenerator generator({.target = "127.0.0.1:50051"}, mix);
//   std::vector<LatencySample> samples = generator.OpenLoop(1000, 2, 12);
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/latency_sample.h"
#include "benchmarks/request_mix.h"

namespace shortlist {

struct LoadOptions {
  std::string target;
  size_t connections = 4;
  std::string method = "/shortlist.v1.Recommender/Recommend";
  // Every request has a deadline: what takes longer is an error.
  double timeout_seconds = 10;
};

class LoadGenerator {
 public:
  LoadGenerator(const LoadOptions& options, const RequestMix& mix);

  // UNAVAILABLE when the server does not answer within the time.
  bool WaitUntilConnected(double seconds);

  // Samples of the requests intended for [begin, end) seconds, in that order; those before warm the
  // server up. `at_begin` and `at_end` are called at those times.
  std::vector<LatencySample> OpenLoop(double rate, double begin_seconds, double end_seconds,
                                      const std::function<void()>& at_begin,
                                      const std::function<void()>& at_end);
  // The same with so many requests under way at a time.
  std::vector<LatencySample> ClosedLoop(size_t concurrency, double begin_seconds,
                                        double end_seconds, const std::function<void()>& at_begin,
                                        const std::function<void()>& at_end);

 private:
  struct Call;
  void Send(size_t i, const grpc::ByteBuffer& request, grpc::CompletionQueue& queue,
            LatencySample& sample);
  int64_t Now() const;

  LoadOptions options_;
  const RequestMix& mix_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  int64_t start_ = 0;
};

}  // namespace shortlist
