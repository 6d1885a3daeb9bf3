#include "serving/events/event_recorder.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/scripted_event_log.h"

namespace shortlist {
namespace {

class EventRecorderTest : public testing::Test {
 protected:
  EventRecorderTest() {
    for (const char* id : {"a", "b"}) {
      v1::Event& event = *request_.add_events();
      event.set_event_id(id);
      event.set_user_id("7");
      event.set_item_id("318");
      event.set_type(v1::EVENT_TYPE_CLICK);
    }
  }

  v1::RecordRequest request_;
  v1::RecordResponse response_;
  ScriptedEventLog log_;
  const Clock clock_ = [] { return absl::FromUnixMillis(1'700'000'000'123); };
  const EventRecorder recorder_{
      log_, {.max_clock_skew = absl::Seconds(300), .custom_types = {}}, clock_};
};

TEST_F(EventRecorderTest, AppendsTheEventsInOneBatch) {
  request_.mutable_events(0)->set_time_ms(1'600'000'000'000);
  ASSERT_TRUE(recorder_.Record(request_, response_).ok());
  EXPECT_EQ(response_.recorded(), 2);
  EXPECT_EQ(response_.known(), 0);
  const std::vector<v1::LogEntry> entries = log_.entries();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].event().SerializeAsString(), request_.events(0).SerializeAsString());
  EXPECT_EQ(entries[1].event().event_id(), "b");
}

TEST_F(EventRecorderTest, AnEventThatDoesNotSayWhenHappensNow) {
  ASSERT_TRUE(recorder_.Record(request_, response_).ok());
  EXPECT_EQ(log_.entries()[0].event().time_ms(), 1'700'000'000'123);
}

TEST_F(EventRecorderTest, RefusesAPartlyBadBatchWhole) {
  request_.mutable_events(1)->clear_item_id();
  EXPECT_EQ(recorder_.Record(request_, response_),
            absl::InvalidArgumentError("events[1].item_id: is empty"));
  EXPECT_TRUE(log_.entries().empty());
}

TEST_F(EventRecorderTest, PassesOnWhatTheLogSays) {
  log_.set_error(absl::ResourceExhaustedError("the disk is full"));
  EXPECT_EQ(recorder_.Record(request_, response_),
            absl::ResourceExhaustedError("the disk is full"));
  EXPECT_EQ(response_.recorded(), 0);
}

}  // namespace
}  // namespace shortlist
