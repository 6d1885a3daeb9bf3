// Sends a scenario's requests to a server and keeps a sample of every one.
//
// Open loop: requests are sent when the schedule says, however slow the answers are. Closed loop: a
// fixed number of requests is under way at any time, which finds the rate at which the server is
// saturated. Two threads: one sends, one receives; what each answer says is read after its time is
// taken.
//
//   LoadGenerator generator({.target = "127.0.0.1:50051"}, mix);
//   const LoadRun run = generator.OpenLoop(1000, 2, 12, at_begin, at_end);
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <cstddef>
#include <functional>
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

  // Whether the server has accepted every connection within the time.
  bool WaitUntilConnected(double seconds);

  // Measures the requests intended for [begin, end) seconds; those before warm the server up. In a
  // thread of their own, `at_begin` and `at_end` are called at those times, whatever is sent or
  // answered then: what they read of a server goes with the answers between them.
  LoadRun OpenLoop(double rate, double begin_seconds, double end_seconds,
                   const std::function<void()>& at_begin, const std::function<void()>& at_end);
  // The same with so many requests under way at a time; those are measured that were answered in
  // the time.
  LoadRun ClosedLoop(size_t concurrency, double begin_seconds, double end_seconds,
                     const std::function<void()>& at_begin, const std::function<void()>& at_end);

 private:
  struct Call;
  class Measurement;
  Call& Prepare(size_t i, const grpc::ByteBuffer& request, grpc::CompletionQueue& queue,
                LatencySample& sample);
  void Send(Call& call);
  void Receive(Call& call);
  int64_t Now() const;

  LoadOptions options_;
  const RequestMix& mix_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  int64_t start_ = 0;
  std::string first_failure_;
};

}  // namespace shortlist
