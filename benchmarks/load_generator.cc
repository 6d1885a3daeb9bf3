#include "benchmarks/load_generator.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <sys/prctl.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <thread>
#include <utility>

namespace shortlist {
namespace {

// A closed loop sends so many different requests again and again.
constexpr size_t kClosedLoopRequests = 50'000;

int64_t MonotonicNanos() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * int64_t{1'000'000'000} + now.tv_nsec;
}

void SleepUntil(int64_t nanos) {
  const timespec until{.tv_sec = nanos / 1'000'000'000, .tv_nsec = nanos % 1'000'000'000};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

grpc::ByteBuffer ToBuffer(const v1::RecommendRequest& request) {
  const grpc::Slice slice(request.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

void ReadAnswer(grpc::ByteBuffer& bytes, LatencySample& sample) {
  sample.response_bytes = bytes.Length();
  google::protobuf::Arena arena;
  auto& answer = *google::protobuf::Arena::CreateMessage<v1::RecommendResponse>(&arena);
  grpc::ProtoBufferReader reader(&bytes);
  if (!reader.status().ok() || !answer.ParseFromZeroCopyStream(&reader)) return;
  const v1::StageTimings& timings = answer.timings();
  sample.candidates = answer.candidates_ranked();
  sample.stage_us = {
      static_cast<int32_t>(timings.queue_us()), static_cast<int32_t>(timings.state_us()),
      static_cast<int32_t>(timings.candidates_us()), static_cast<int32_t>(timings.ranking_us()),
      static_cast<int32_t>(timings.assembly_us())};
  sample.total_us = static_cast<int32_t>(timings.total_us());
}

}  // namespace

struct LoadGenerator::Call {
  LatencySample* sample;
  grpc::ClientContext context;
  grpc::ByteBuffer response;
  grpc::Status status;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
};

LoadGenerator::LoadGenerator(const LoadOptions& options, const RequestMix& mix)
    : options_(options), mix_(mix) {
  for (size_t i = 0; i < options.connections; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt("shortlist.connection", static_cast<int>(i));  // Otherwise they share one.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    // A failure is to be counted, not hidden in a slow success. It is also a tenth cheaper.
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
    channels_.push_back(
        grpc::CreateCustomChannel(options.target, grpc::InsecureChannelCredentials(), arguments));
    stubs_.push_back(std::make_unique<grpc::GenericStub>(channels_.back()));
  }
}

bool LoadGenerator::WaitUntilConnected(double seconds) {
  const auto deadline = std::chrono::system_clock::now() +
                        std::chrono::duration_cast<std::chrono::system_clock::duration>(
                            std::chrono::duration<double>(seconds));
  for (const auto& channel : channels_)
    if (!channel->WaitForConnected(deadline)) return false;
  return true;
}

int64_t LoadGenerator::Now() const { return MonotonicNanos() - start_; }

void LoadGenerator::Send(size_t i, const grpc::ByteBuffer& request, grpc::CompletionQueue& queue,
                         LatencySample& sample) {
  auto* call = new Call{.sample = &sample};
  call->context.set_deadline(
      std::chrono::system_clock::now() +
      std::chrono::milliseconds(static_cast<int64_t>(options_.timeout_seconds * 1000)));
  call->reader =
      stubs_[i % stubs_.size()]->PrepareUnaryCall(&call->context, options_.method, request, &queue);
  sample.sent = Now();
  call->reader->StartCall();
  call->reader->Finish(&call->response, &call->status, call);
}

std::vector<LatencySample> LoadGenerator::OpenLoop(double rate, double begin_seconds,
                                                   double end_seconds,
                                                   const std::function<void()>& at_begin,
                                                   const std::function<void()>& at_end) {
  const std::vector<int64_t> times = mix_.Schedule(rate, begin_seconds, end_seconds);
  const auto begin = static_cast<int64_t>(begin_seconds * 1e9);
  std::vector<LatencySample> samples(times.size());
  std::vector<grpc::ByteBuffer> requests;
  for (size_t i = 0; i < times.size(); ++i) requests.push_back(ToBuffer(mix_.Make(i)));

  grpc::CompletionQueue queue;
  std::thread receiver([&] {
    void* tag = nullptr;
    bool ok = false;
    while (queue.Next(&tag, &ok)) {
      const std::unique_ptr<Call> call(static_cast<Call*>(tag));
      call->sample->received = Now();
      call->sample->status = call->status.error_code();
      if (call->status.ok()) ReadAnswer(call->response, *call->sample);
    }
  });
  ::prctl(PR_SET_TIMERSLACK, 1);  // Nanosecond: otherwise sleeps are 50 microseconds too long.
  start_ = MonotonicNanos();
  bool begun = false;
  for (size_t i = 0; i < times.size(); ++i) {
    if (!begun && times[i] >= begin) {
      begun = true;
      at_begin();
    }
    SleepUntil(start_ + times[i]);
    samples[i].intended = times[i];
    Send(i, requests[i], queue, samples[i]);
  }
  SleepUntil(start_ + static_cast<int64_t>(end_seconds * 1e9));
  at_end();
  queue.Shutdown();
  receiver.join();
  std::erase_if(samples, [&](const LatencySample& sample) { return sample.intended < begin; });
  return samples;
}

std::vector<LatencySample> LoadGenerator::ClosedLoop(size_t concurrency, double begin_seconds,
                                                     double end_seconds,
                                                     const std::function<void()>& at_begin,
                                                     const std::function<void()>& at_end) {
  const auto begin = static_cast<int64_t>(begin_seconds * 1e9);
  const auto end = static_cast<int64_t>(end_seconds * 1e9);
  std::vector<grpc::ByteBuffer> requests;
  for (size_t i = 0; i < kClosedLoopRequests; ++i) requests.push_back(ToBuffer(mix_.Make(i)));
  std::deque<LatencySample> samples;  // Whose addresses stay.
  grpc::CompletionQueue queue;
  start_ = MonotonicNanos();
  auto send = [&] {
    const size_t i = samples.size();
    samples.emplace_back().intended = Now();
    Send(i, requests[i % requests.size()], queue, samples.back());
  };
  for (size_t i = 0; i < concurrency; ++i) send();
  bool begun = false;
  bool ended = false;
  void* tag = nullptr;
  bool ok = false;
  for (size_t under_way = concurrency; under_way > 0; --under_way) {
    queue.Next(&tag, &ok);
    const std::unique_ptr<Call> call(static_cast<Call*>(tag));
    call->sample->received = Now();
    call->sample->status = call->status.error_code();
    if (call->sample->received < end) {
      send();
      ++under_way;
    }
    if (call->status.ok()) ReadAnswer(call->response, *call->sample);
    if (!begun && Now() >= begin) {
      begun = true;
      at_begin();
    }
    if (!ended && Now() >= end) {
      ended = true;
      at_end();
    }
  }
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  std::vector<LatencySample> result;
  for (const LatencySample& sample : samples)
    if (begin <= sample.received && sample.received < end) result.push_back(sample);
  return result;
}

}  // namespace shortlist
