#include "serving/requests/event_validation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

namespace shortlist {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
constexpr int64_t kNowMs = 1'700'000'000'000;
const std::string kLong(257, 'x');
const std::string kLongest(256, 'x');

class EventValidation : public ::testing::Test {
 protected:
  using Change = std::function<void(v1::Event&)>;

  // Of a batch of two, of which the second is changed.
  absl::Status Check(const Change& change) const {
    v1::RecordRequest request;
    for (const char* id : {"a", "b"}) {
      v1::Event& event = *request.add_events();
      event.set_event_id(id);
      event.set_user_id("7");
      event.set_item_id("318");
      event.set_type(v1::EVENT_TYPE_CLICK);
    }
    change(*request.mutable_events(1));
    return Validate(request, rules_, kNow);
  }
  void Valid(const Change& change) const { EXPECT_TRUE(Check(change).ok()) << Check(change); }
  // `error`: what the message must begin with, after "events[1].".
  void Invalid(const std::string& error, const Change& change) const {
    const absl::Status status = Check(change);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << error;
    EXPECT_EQ(std::string(status.message()).substr(0, 10 + error.size()), "events[1]." + error);
  }

  EventRules rules_{.max_clock_skew = absl::Seconds(300), .custom_types = {"share"}};
};

TEST_F(EventValidation, TakesEveryTypeWithWhatBelongsToIt) {
  for (int type = v1::EVENT_TYPE_IMPRESSION; type <= v1::EVENT_TYPE_HIDE; ++type) {
    Valid([&](auto& e) {
      e.set_type(static_cast<v1::EventType>(type));
      if (type == v1::EVENT_TYPE_RATING) e.set_rating(0);
    });
  }
  Valid([](auto& e) {
    e.set_type(v1::EVENT_TYPE_CUSTOM);
    e.set_custom_type("share");
  });
  Invalid("type: is missing", [](auto& e) { e.clear_type(); });
  Invalid("type: is not a type of event",
          [](auto& e) { e.set_type(static_cast<v1::EventType>(77)); });
}

TEST_F(EventValidation, LimitsIds) {
  Valid([](auto& e) {
    e.set_event_id(kLongest);
    e.set_user_id(kLongest);
    e.set_item_id(kLongest);
  });
  Valid([](auto& e) { e.set_session_id(kLongest); });
  Invalid("event_id: is empty", [](auto& e) { e.clear_event_id(); });
  Invalid("event_id: has 257 bytes", [](auto& e) { e.set_event_id(kLong); });
  Invalid("item_id: is empty", [](auto& e) { e.clear_item_id(); });
  Invalid("item_id: has 257 bytes", [](auto& e) { e.set_item_id(kLong); });
  Invalid("user_id: is missing; give it, or session_id", [](auto& e) { e.clear_who(); });
  Invalid("user_id: is empty", [](auto& e) { e.set_user_id(""); });
  Invalid("user_id: has 257 bytes", [](auto& e) { e.set_user_id(kLong); });
  Invalid("session_id: is empty", [](auto& e) { e.set_session_id(""); });
  Invalid("session_id: has 257 bytes", [](auto& e) { e.set_session_id(kLong); });
}

TEST_F(EventValidation, LetsEventsBeOldButNotAheadOfTheClock) {
  for (const int64_t time : {int64_t{0}, int64_t{1}, kNowMs, kNowMs + 300'000})
    Valid([&](auto& e) { e.set_time_ms(time); });
  Invalid(
      "time_ms: is more than 300 s ahead of the server's clock, which says 1700000000000; is "
      "1700000300001",
      [](auto& e) { e.set_time_ms(kNowMs + 300'001); });
  Invalid("time_ms: is more than",
          [](auto& e) { e.set_time_ms(std::numeric_limits<int64_t>::max()); });
  Invalid("time_ms: is negative", [](auto& e) { e.set_time_ms(-1); });
}

TEST_F(EventValidation, TakesCustomTypesThatAreDeclared) {
  Invalid("custom_type: is empty", [](auto& e) { e.set_type(v1::EVENT_TYPE_CUSTOM); });
  Invalid("custom_type: \"print\" is not declared", [](auto& e) {
    e.set_type(v1::EVENT_TYPE_CUSTOM);
    e.set_custom_type("print");
  });
  Invalid("custom_type: has 257 bytes", [](auto& e) {
    e.set_type(v1::EVENT_TYPE_CUSTOM);
    e.set_custom_type(kLong);
  });
  Invalid("custom_type: is for events of EVENT_TYPE_CUSTOM",
          [](auto& e) { e.set_custom_type("share"); });
}

TEST_F(EventValidation, WantsARatingOfRatingsAndOfNothingElse) {
  Invalid("rating: is missing", [](auto& e) { e.set_type(v1::EVENT_TYPE_RATING); });
  for (const float rating : {NAN, INFINITY, -INFINITY}) {
    Invalid("rating: is not finite", [&](auto& e) {
      e.set_type(v1::EVENT_TYPE_RATING);
      e.set_rating(rating);
    });
  }
  Invalid("rating: is for events of EVENT_TYPE_RATING", [](auto& e) { e.set_rating(0); });
}

TEST_F(EventValidation, TakesADwellTimeOfViewsAlone) {
  for (const int64_t dwell : {0, 1'000}) {
    Valid([&](auto& e) {
      e.set_type(v1::EVENT_TYPE_VIEW);
      e.set_dwell_ms(dwell);
    });
  }
  Invalid("dwell_ms: is negative", [](auto& e) {
    e.set_type(v1::EVENT_TYPE_VIEW);
    e.set_dwell_ms(-1);
  });
  Invalid("dwell_ms: is for events of EVENT_TYPE_VIEW", [](auto& e) { e.set_dwell_ms(0); });
}

TEST_F(EventValidation, WantsAPlaceInAnAnswer) {
  Valid([](auto& e) {
    e.set_request_id(kLongest);
    e.set_place(1);
  });
  Invalid("place: must be 1 or more, is 0", [](auto& e) { e.set_request_id("r"); });
  Invalid("place: must be 1 or more, is -1", [](auto& e) {
    e.set_request_id("r");
    e.set_place(-1);
  });
  Invalid("place: is given without request_id", [](auto& e) { e.set_place(1); });
  Invalid("request_id: has 257 bytes", [](auto& e) { e.set_request_id(kLong); });
}

TEST_F(EventValidation, LimitsTheBatch) {
  v1::RecordRequest request;
  EXPECT_EQ(Validate(request, rules_, kNow), absl::InvalidArgumentError("events: is empty"));
  v1::Event event;
  event.set_event_id("a");
  event.set_user_id("7");
  event.set_item_id("318");
  event.set_type(v1::EVENT_TYPE_CLICK);
  for (int i = 0; i < 1'000; ++i) *request.add_events() = event;
  EXPECT_TRUE(Validate(request, rules_, kNow).ok());
  *request.add_events() = event;
  EXPECT_EQ(Validate(request, rules_, kNow),
            absl::InvalidArgumentError("events: has 1001 entries, at most 1000 are allowed"));
}

TEST(EventRules, DeclareTheCustomTypesThatHaveAWorth) {
  v1::EventsConfig config;
  config.set_max_clock_skew_seconds(60);
  for (const char* type : {"share", "click", "print"}) {
    v1::WorthRule& rule = *config.add_worth();
    rule.set_column("type");
    rule.set_is(type);
  }
  v1::WorthRule& rating = *config.add_worth();
  rating.set_column("rating");
  rating.set_at_least(4);
  const EventRules rules = MakeEventRules(config);
  EXPECT_EQ(rules.max_clock_skew, absl::Minutes(1));
  EXPECT_EQ(rules.custom_types, (absl::flat_hash_set<std::string>{"share", "print"}));
}

}  // namespace
}  // namespace shortlist
