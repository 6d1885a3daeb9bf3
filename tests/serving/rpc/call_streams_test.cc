#include "serving/rpc/call_streams.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <latch>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "serving/rpc/credentials.h"
#include "serving/rpc/deadline_step.h"
#include "serving/rpc/grpc_server.h"
#include "serving/rpc/message_size.h"
#include "shortlist/v1/events.grpc.pb.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

// Answers each message as a test says.
class StreamService : public v1::Events::WithRawCallbackMethod_RecordStream<v1::Events::Service> {
 public:
  explicit StreamService(const UnaryCalls& calls) : streams(calls) {}

  CallStreams streams;
  std::function<absl::Status(const v1::RecordRequest&, const Call&)> handle =
      [](const v1::RecordRequest&, const Call&) { return absl::OkStatus(); };

  CallStreams::Reactor* RecordStream(grpc::CallbackServerContext* context) override {
    return streams.Answer<v1::RecordRequest, v1::RecordResponse>(
        context,
        [this](const v1::RecordRequest& request, const Call& call, v1::RecordResponse& response) {
          response.set_recorded(request.events_size());
          return handle(request, call);
        });
  }
};

class CallStreamsTest : public testing::Test {
 protected:
  using ClientStream = grpc::ClientReaderWriter<v1::RecordRequest, v1::RecordResponse>;

  ~CallStreamsTest() override {
    context_.TryCancel();
    Stop();
  }
  void Stop() {
    if (server_ != nullptr) server_->Shutdown(absl::Seconds(30));
    server_ = nullptr;
  }
  std::unique_ptr<ClientStream> Open() { return stub_->RecordStream(&context_); }

  // Sends so many events; how many the answer says there were, or -1 where there is no answer.
  static int Exchange(ClientStream& stream, int events) {
    v1::RecordResponse response;
    if (!stream.Write(RequestOf(events)) || !stream.Read(&response)) return -1;
    return response.recorded();
  }
  static v1::RecordRequest RequestOf(int events) {
    v1::RecordRequest request;
    for (int i = 0; i < events; ++i) request.add_events();
    return request;
  }

  absl::Time now_ = absl::Now();
  const Clock clock_ = [this] { return now_; };
  const DeadlineStep deadline_step_{clock_, absl::Seconds(5), absl::Seconds(5)};
  RequestWorkers workers_{1};
  const UnaryCalls calls_{workers_, clock_, {&deadline_step_}};
  StreamService service_{calls_};
  std::unique_ptr<GrpcServer> server_ =
      GrpcServer::Start("127.0.0.1:0", {{"events", &service_}}).value();
  const std::unique_ptr<v1::Events::Stub> stub_ =
      v1::Events::NewStub(grpc::CreateChannel(server_->address(), CallingCredentials()));
  grpc::ClientContext context_;
};

TEST_F(CallStreamsTest, AnswerMessageByMessageUntilTheClientIsDone) {
  const auto stream = Open();
  for (const int events : {2, 0, 5}) EXPECT_EQ(Exchange(*stream, events), events);
  stream->WritesDone();
  v1::RecordResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(CallStreamsTest, AnErrorEndsTheStream) {
  service_.handle = [](const v1::RecordRequest& request, const Call&) {
    return request.events_size() == 2 ? absl::InvalidArgumentError("two are too many")
                                      : absl::OkStatus();
  };
  const auto stream = Open();
  EXPECT_EQ(Exchange(*stream, 1), 1);
  EXPECT_EQ(Exchange(*stream, 2), -1);
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "two are too many");
}

TEST_F(CallStreamsTest, EveryMessageHasADeadlineOfItsOwn) {
  std::vector<absl::Duration> left;
  service_.handle = [&](const v1::RecordRequest&, const Call& call) {
    left.push_back(call.deadline - clock_());
    return absl::OkStatus();
  };
  const auto stream = Open();
  EXPECT_EQ(Exchange(*stream, 1), 1);
  now_ += absl::Hours(1);
  EXPECT_EQ(Exchange(*stream, 1), 1);
  EXPECT_THAT(left, ElementsAre(absl::Seconds(5), absl::Seconds(5)));
}

TEST_F(CallStreamsTest, TheDeadlineOfTheStreamHoldsForItsMessages) {
  context_.set_deadline(std::chrono::system_clock::now() + std::chrono::hours(1));
  const auto stream = Open();
  EXPECT_EQ(Exchange(*stream, 1), 1);
  now_ += absl::Hours(2);
  EXPECT_EQ(Exchange(*stream, 1), -1);
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(CallStreamsTest, AMessageThatIsTooLargeEndsTheStream) {
  v1::RecordRequest request;
  request.add_events()->set_event_id(std::string(kMaxMessageBytes, 'x'));
  const auto stream = Open();
  v1::RecordResponse response;
  stream->Write(request);
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(CallStreamsTest, AClientMayGoWhileItIsAnswered) {
  std::latch handling(1), gone(1);
  service_.handle = [&](const v1::RecordRequest&, const Call&) {
    handling.count_down();
    gone.wait();
    return absl::OkStatus();
  };
  const auto stream = Open();
  EXPECT_TRUE(stream->Write(RequestOf(1)));
  handling.wait();
  context_.TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  gone.count_down();
  Stop();  // Returns once the stream is done.
}

TEST_F(CallStreamsTest, EndingThemEndsThoseThatWaitForTheirClientAtOnce) {
  const auto stream = Open();
  EXPECT_EQ(Exchange(*stream, 1), 1);
  service_.streams.End();
  v1::RecordResponse response;
  EXPECT_FALSE(stream->Read(&response));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(status.error_message(), "the server is stopping");
}

TEST_F(CallStreamsTest, EndingThemLetsWhatWasReadBeAnswered) {
  std::latch handling(1), ended(1);
  service_.handle = [&](const v1::RecordRequest&, const Call&) {
    handling.count_down();
    ended.wait();
    return absl::OkStatus();
  };
  const auto stream = Open();
  EXPECT_TRUE(stream->Write(RequestOf(3)));
  handling.wait();
  service_.streams.End();
  ended.count_down();
  v1::RecordResponse response;
  EXPECT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.recorded(), 3);
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(CallStreamsTest, OnceTheyAreEndedNoneIsOpened) {
  service_.streams.End();
  const auto stream = Open();
  v1::RecordResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace shortlist
