// A recommender over a real Redis that goes away and comes back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "state/state_stores.h"
#include "tests/support/captured_log.h"
#include "tests/support/recommender_fixture.h"
#include "tests/support/redis_server.h"

namespace shortlist {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class StateOutageTest : public RecommenderTest {
 protected:
  StateOutageTest() {
    auto store = OpenStateStore(server_.url(), StateProjection(), IfMissing::kFail).value();
    v1::LogEntry entry;
    v1::Event& event = *entry.mutable_event();
    event.set_event_id("e1");
    event.set_user_id("u5");
    event.set_item_id("i2");
    event.set_time_ms(1);
    event.set_type(v1::EVENT_TYPE_CLICK);
    EXPECT_TRUE(store->Append({&entry, 1}).ok());
    states_ = std::move(store);
    request_.set_count(200);
    MakeRecommender();  // Its pipeline.
  }

  // As a service does, by the clock.
  v1::RecommendResponse Ask(const Recommender& recommender) const {
    v1::RecommendResponse response;
    const absl::Status status = recommender.Recommend(
        request_, Budget(real_clock_, absl::Now() + absl::Seconds(20)), response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  RedisServer server_;
  const Clock real_clock_ = absl::Now;
};

TEST_F(StateOutageTest, AnswersGoOnWithoutStatesAndRecoverByThemselves) {
  const CapturedLog log;
  const Recommender recommender(
      {.bundles = &bundles_, .states = states_.get(), .pipeline = &*pipeline_}, real_clock_);
  const v1::RecommendResponse before = Ask(recommender);
  EXPECT_FALSE(before.state_unavailable());
  EXPECT_THAT(IdsOf(before), Not(Contains("i2")));

  const auto expect_recovery = [&] {
    v1::RecommendResponse response = Ask(recommender);
    const absl::Time end = absl::Now() + absl::Seconds(30);
    while (response.state_unavailable() && absl::Now() < end) response = Ask(recommender);
    EXPECT_FALSE(response.state_unavailable());
    EXPECT_EQ(IdsOf(response), IdsOf(before));
  };
  server_.Kill();
  for (int i = 0; i < 5; ++i) {
    const v1::RecommendResponse without = Ask(recommender);
    EXPECT_TRUE(without.state_unavailable());
    EXPECT_THAT(IdsOf(without), Contains("i2"));
  }
  server_.Start();
  expect_recovery();
  // One that hangs.
  server_.Pause();
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(Ask(recommender).state_unavailable());
  server_.Resume();
  expect_recovery();
  EXPECT_THAT(log.text(), HasSubstr("user states cannot be read"));
  EXPECT_THAT(log.text(), HasSubstr("can be read again"));
}

}  // namespace
}  // namespace shortlist
