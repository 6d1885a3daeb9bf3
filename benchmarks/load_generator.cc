#include "benchmarks/load_generator.h"
#include "serving/rpc/credentials.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
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

// Passes over the items, which are most of an answer: to make them out would cost more than all the
// rest of what is done here.
void ReadAnswer(grpc::ByteBuffer& bytes, LatencySample& sample) {
  using google::protobuf::internal::WireFormatLite;
  sample.response_bytes = bytes.Length();
  grpc::ProtoBufferReader reader(&bytes);
  if (!reader.status().ok()) return;
  google::protobuf::io::CodedInputStream input(&reader);
  v1::StageTimings timings;
  uint32_t candidates = 0, rung = 0;
  bool ok = true;
  while (const uint32_t tag = ok ? input.ReadTag() : 0) {
    switch (WireFormatLite::GetTagFieldNumber(tag)) {
      case v1::RecommendResponse::kTimingsFieldNumber:
        ok = WireFormatLite::ReadMessage(&input, &timings);
        break;
      case v1::RecommendResponse::kCandidatesRankedFieldNumber:
        ok = input.ReadVarint32(&candidates);
        break;
      case v1::RecommendResponse::kRungFieldNumber:
        ok = input.ReadVarint32(&rung);
        break;
      default:
        ok = WireFormatLite::SkipField(&input, tag);
    }
  }
  if (!ok || !input.ConsumedEntireMessage()) return;
  sample.candidates = static_cast<int>(candidates);
  sample.rung = static_cast<int>(rung);
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

// The time that is measured. A thread of its own takes its ends, which sending and receiving may
// have no cause to notice, or no time.
class LoadGenerator::Measurement {
 public:
  // From `generator`'s start on, in nanoseconds.
  Measurement(const LoadGenerator& generator, int64_t begin, int64_t end,
              const std::function<void()>& at_begin, const std::function<void()>& at_end)
      : thread_([=, this, &generator, &at_begin, &at_end] {
          SleepUntil(generator.start_ + begin);
          begin_ = generator.Now();
          at_begin();
          SleepUntil(generator.start_ + end);
          end_ = generator.Now();
          over_ = true;
          at_end();
        }) {}

  bool over() const { return over_; }
  void Wait() { thread_.join(); }
  // After Wait().
  bool Has(int64_t time) const { return begin_ <= time && time < end_; }
  double seconds() const { return static_cast<double>(end_ - begin_) / 1e9; }
  size_t Answered(const auto& samples) const {
    return static_cast<size_t>(std::ranges::count_if(
        samples, [&](const auto& sample) { return sample.status == 0 && Has(sample.received); }));
  }

 private:
  int64_t begin_ = 0, end_ = 0;
  std::atomic<bool> over_ = false;
  std::thread thread_;
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
    channels_.push_back(grpc::CreateCustomChannel(options.target, CallingCredentials(), arguments));
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

LoadGenerator::Call& LoadGenerator::Prepare(size_t i, const grpc::ByteBuffer& request,
                                            grpc::CompletionQueue& queue, LatencySample& sample) {
  auto* call = new Call{.sample = &sample};  // Deleted by who receives its answer.
  const int64_t wait =
      sample.intended - Now() + static_cast<int64_t>(options_.timeout_seconds * 1e9);
  call->context.set_deadline(std::chrono::system_clock::now() + std::chrono::nanoseconds(wait));
  call->reader =
      stubs_[i % stubs_.size()]->PrepareUnaryCall(&call->context, options_.method, request, &queue);
  return *call;
}

void LoadGenerator::Send(Call& call) {
  call.sample->sent = Now();
  call.reader->StartCall();
  call.reader->Finish(&call.response, &call.status, &call);
}

void LoadGenerator::Receive(Call& call) {
  call.sample->received = Now();
  call.sample->status = call.status.error_code();
  if (!call.status.ok() && first_failure_.empty()) first_failure_ = call.status.error_message();
}

LoadRun LoadGenerator::OpenLoop(double rate, double begin_seconds, double end_seconds,
                                const std::function<void()>& at_begin,
                                const std::function<void()>& at_end) {
  const std::vector<int64_t> times = mix_.Schedule(rate, begin_seconds, end_seconds);
  const auto begin = static_cast<int64_t>(begin_seconds * 1e9);
  const auto end = static_cast<int64_t>(end_seconds * 1e9);
  std::vector<LatencySample> samples(times.size());
  std::vector<grpc::ByteBuffer> requests;
  for (size_t i = 0; i < times.size(); ++i) requests.push_back(ToBuffer(mix_.Make(i)));

  grpc::CompletionQueue queue;
  std::thread receiver([&] {
    void* tag = nullptr;
    bool ok = false;
    while (queue.Next(&tag, &ok)) {
      const std::unique_ptr<Call> call(static_cast<Call*>(tag));
      Receive(*call);
      if (call->status.ok()) ReadAnswer(call->response, *call->sample);
    }
  });
  ::prctl(PR_SET_TIMERSLACK, 1);  // Nanosecond: otherwise sleeps are 50 microseconds too long.
  start_ = MonotonicNanos();
  Measurement measurement(*this, begin, end, at_begin, at_end);
  // Before its time has come: what this takes would be latency of the generator's own making.
  auto prepare = [&](size_t i) -> Call& {
    samples[i].intended = times[i];
    return Prepare(i, requests[i], queue, samples[i]);
  };
  Call* next = times.empty() ? nullptr : &prepare(0);
  for (size_t i = 0; i < times.size(); ++i) {
    SleepUntil(start_ + times[i]);
    Send(*next);
    if (i + 1 < times.size()) next = &prepare(i + 1);
  }
  measurement.Wait();
  queue.Shutdown();
  receiver.join();

  const size_t answered = measurement.Answered(samples);
  std::erase_if(samples, [&](const LatencySample& sample) { return sample.intended < begin; });
  return {std::move(samples), measurement.seconds(), answered, first_failure_};
}

LoadRun LoadGenerator::ClosedLoop(size_t concurrency, double begin_seconds, double end_seconds,
                                  const std::function<void()>& at_begin,
                                  const std::function<void()>& at_end) {
  std::vector<grpc::ByteBuffer> requests;
  for (size_t i = 0; i < kClosedLoopRequests; ++i) requests.push_back(ToBuffer(mix_.Make(i)));
  std::deque<LatencySample> samples;  // Whose addresses stay.
  grpc::CompletionQueue queue;
  start_ = MonotonicNanos();
  Measurement measurement(*this, static_cast<int64_t>(begin_seconds * 1e9),
                          static_cast<int64_t>(end_seconds * 1e9), at_begin, at_end);
  auto send = [&] {
    const size_t i = samples.size();
    samples.emplace_back().intended = Now();
    Send(Prepare(i, requests[i % requests.size()], queue, samples.back()));
  };
  for (size_t i = 0; i < concurrency; ++i) send();
  void* tag = nullptr;
  bool ok = false;
  for (size_t under_way = concurrency; under_way > 0; --under_way) {
    queue.Next(&tag, &ok);
    const std::unique_ptr<Call> call(static_cast<Call*>(tag));
    Receive(*call);
    if (!measurement.over()) {
      send();
      ++under_way;
    }
    if (call->status.ok()) ReadAnswer(call->response, *call->sample);
  }
  measurement.Wait();
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }

  std::vector<LatencySample> measured;
  for (const LatencySample& sample : samples)
    if (measurement.Has(sample.received)) measured.push_back(sample);
  return {std::move(measured), measurement.seconds(), measurement.Answered(samples),
          first_failure_};
}

}  // namespace shortlist
