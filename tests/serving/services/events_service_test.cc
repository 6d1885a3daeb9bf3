// Over a real channel, with a real store.

#include "serving/services/events_service.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "serving/rpc/credentials.h"
#include "serving/rpc/grpc_server.h"
#include "state/state_stores.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

class EventsServiceTest : public testing::Test {
 protected:
  ~EventsServiceTest() override { Stop(); }
  void Stop() {
    if (server_ != nullptr) server_->Shutdown(absl::Seconds(30));
    server_ = nullptr;
  }

  static v1::Event Click(const std::string& id, const std::string& user = "7") {
    v1::Event event;
    event.set_event_id(id);
    event.set_user_id(user);
    event.set_item_id(absl::StrCat("item of ", id));
    event.set_type(v1::EVENT_TYPE_CLICK);
    return event;
  }
  static v1::RecordRequest BatchOf(const std::vector<v1::Event>& events) {
    v1::RecordRequest request;
    request.mutable_events()->Assign(events.begin(), events.end());
    return request;
  }

  grpc::Status Record(const std::vector<v1::Event>& events) {
    grpc::ClientContext context;
    response_.Clear();
    return stub_->Record(&context, BatchOf(events), &response_);
  }

  // Of the log, as somebody finds it who opens the store anew.
  std::vector<v1::LogEntry> Log() const {
    std::vector<v1::LogEntry> entries;
    const auto store = OpenStateStore(path_, projection_, IfMissing::kCreate).value();
    EXPECT_TRUE(store
                    ->ReadAll([&](const v1::LogEntry& entry) {
                      entries.push_back(entry);
                      return absl::OkStatus();
                    })
                    .ok());
    return entries;
  }
  std::set<std::string> IdsInLog() const {
    std::set<std::string> ids;
    for (const v1::LogEntry& entry : Log())
      EXPECT_TRUE(ids.insert(entry.event().event_id()).second) << entry.event().event_id();
    return ids;
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_ / "state.db";
  const StateProjection projection_{EventWorth()};
  const std::unique_ptr<StateStore> store_ =
      OpenStateStore(path_, projection_, IfMissing::kCreate).value();
  const Clock clock_ = absl::Now;
  const EventRecorder recorder_{
      *store_, {.max_clock_skew = absl::Seconds(300), .custom_types = {}}, clock_};
  RequestWorkers workers_{2};
  const UnaryCalls calls_{workers_, clock_, {}};
  EventsService service_{recorder_, calls_};
  std::unique_ptr<GrpcServer> server_ =
      GrpcServer::Start("127.0.0.1:0", {{"events", &service_}}).value();
  const std::unique_ptr<v1::Events::Stub> stub_ =
      v1::Events::NewStub(grpc::CreateChannel(server_->address(), CallingCredentials()));
  v1::RecordResponse response_;
};

TEST_F(EventsServiceTest, WhatIsAnsweredIsInTheLogAndInTheState) {
  ASSERT_TRUE(Record({Click("a"), Click("b", "8")}).ok());
  EXPECT_EQ(response_.recorded(), 2);
  EXPECT_EQ(response_.known(), 0);
  EXPECT_THAT(IdsInLog(), UnorderedElementsAre("a", "b"));
  UserState state;
  EXPECT_TRUE(store_->Read(UserKey("8"), state).value());
  ASSERT_EQ(state.history.size(), 1u);
  EXPECT_EQ(state.history[0].item_id, "item of b");
  EXPECT_NE(state.history[0].time_ms, 0);
}

TEST_F(EventsServiceTest, AnEventIsRecordedOnceHoweverOftenItIsSent) {
  ASSERT_TRUE(Record({Click("a")}).ok());
  ASSERT_TRUE(Record({Click("b"), Click("a"), Click("b")}).ok());
  EXPECT_EQ(response_.recorded(), 1);
  EXPECT_EQ(response_.known(), 2);
  EXPECT_THAT(IdsInLog(), UnorderedElementsAre("a", "b"));
}

TEST_F(EventsServiceTest, OfAPartlyBadBatchNothingIsRecorded) {
  v1::Event bad = Click("b");
  bad.clear_item_id();
  const grpc::Status status = Record({Click("a"), bad, Click("c")});
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "events[1].item_id: is empty");
  EXPECT_THAT(Log(), IsEmpty());
}

TEST_F(EventsServiceTest, AStreamIsRecordedBatchByBatch) {
  grpc::ClientContext context;
  const auto stream = stub_->RecordStream(&context);
  for (int batch = 0; batch < 5; ++batch) {
    std::vector<v1::Event> events;
    for (int i = 0; i < 200; ++i) events.push_back(Click(absl::StrCat(batch, ".", i)));
    ASSERT_TRUE(stream->Write(BatchOf(events)));
    ASSERT_TRUE(stream->Read(&response_));
    EXPECT_EQ(response_.recorded(), 200);
    EXPECT_EQ(Log().size(), static_cast<size_t>(200 * (batch + 1)));
  }
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(EventsServiceTest, ABadBatchEndsTheStreamAndWhatWasAnsweredStays) {
  grpc::ClientContext context;
  const auto stream = stub_->RecordStream(&context);
  ASSERT_TRUE(stream->Write(BatchOf({Click("a"), Click("b")})));
  ASSERT_TRUE(stream->Read(&response_));
  v1::Event bad = Click("d");
  bad.set_rating(3);
  ASSERT_TRUE(stream->Write(BatchOf({Click("c"), bad})));
  EXPECT_FALSE(stream->Read(&response_));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), StartsWith("events[1].rating: "));
  EXPECT_THAT(IdsInLog(), UnorderedElementsAre("a", "b"));
}

TEST_F(EventsServiceTest, WhatWasAnsweredStaysWhenTheClientVanishes) {
  {
    grpc::ClientContext context;
    const auto stream = stub_->RecordStream(&context);
    ASSERT_TRUE(stream->Write(BatchOf({Click("a")})));
    ASSERT_TRUE(stream->Read(&response_));
    ASSERT_TRUE(stream->Write(BatchOf({Click("b"), Click("c")})));
    context.TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  Stop();
  // The batch that was not answered is there as a whole or not at all.
  std::set<std::string> ids = IdsInLog();
  EXPECT_EQ(ids.count("a"), 1u);
  EXPECT_EQ(ids.count("b"), ids.count("c"));
}

TEST_F(EventsServiceTest, ManyClientsRecordAtOnce) {
  std::vector<std::thread> clients;
  for (int client = 0; client < 8; ++client) {
    clients.emplace_back([&, client] {
      for (int i = 0; i < 10; ++i) {
        grpc::ClientContext context;
        v1::RecordResponse response;
        // Each event is sent by two of them.
        const std::string id = absl::StrCat(client / 2, ".", i);
        EXPECT_TRUE(stub_->Record(&context, BatchOf({Click(id)}), &response).ok());
        EXPECT_EQ(response.recorded() + response.known(), 1);
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(IdsInLog().size(), 40u);
}

}  // namespace
}  // namespace shortlist
