// What was shown often enough does not come back for a while.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/recommender_fixture.h"
#include "tests/support/scripted_event_log.h"

namespace shortlist {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

// Passes appends on to a store, once it may.
class HeldLog : public ScriptedEventLog {
 public:
  explicit HeldLog(StateStore& store) : store_(store) {}
  absl::StatusOr<AppendResult> Append(std::span<const v1::LogEntry> entries) override {
    const absl::StatusOr<AppendResult> held = ScriptedEventLog::Append(entries);
    return held.ok() ? store_.Append(entries) : held;
  }

 private:
  StateStore& store_;
};

class FrequencyCapTest : public RecommenderTest {
 protected:
  static constexpr absl::Duration kKept = absl::Hours(2);

  FrequencyCapTest() {
    auto store = SqliteStateStore::OpenOrCreate(folder_ / "state.db",
                                                StateProjection(EventWorth(), {.time = kKept}));
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = store->get();
    states_ = *std::move(store);
    log_ = std::make_unique<HeldLog>(*store_);
    Restart();
    request_.set_count(5);
  }

  // Records what waits, and goes on as another process would.
  void Restart() {
    answers_ = nullptr;
    ServedAnswerRecorder::Options options;
    options.gathering = absl::ZeroDuration();
    options.tells_waiting = true;
    answers_ = std::make_unique<ServedAnswerRecorder>(*log_, options);
  }

  absl::Status Try(v1::RecommendResponse& response) const {
    MakeRecommender();
    const Recommender recommender({.bundles = &bundles_,
                                   .states = states_.get(),
                                   .pipeline = &*pipeline_,
                                   .answers = answers_.get(),
                                   .frequency_cap = cap_,
                                   .showings_kept = kKept},
                                  clock_);
    return recommender.Recommend(request_, Budget(clock_, now_ + absl::Seconds(50)), response);
  }
  std::vector<std::string> Items() const {
    v1::RecommendResponse response;
    const absl::Status status = Try(response);
    EXPECT_TRUE(status.ok()) << status;
    return IdsOf(response);
  }
  std::string Error() const {
    v1::RecommendResponse response;
    const absl::Status status = Try(response);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  }

  const TemporaryFolder folder_;
  StateStore* store_ = nullptr;
  std::unique_ptr<HeldLog> log_;
  FrequencyCap cap_{.showings = 1, .within = absl::Hours(1), .rest = absl::Hours(1)};
  std::unique_ptr<ServedAnswerRecorder> answers_;
};

MATCHER_P(SharesNothingWith, other, "") {
  return std::none_of(arg.begin(), arg.end(), [&](const std::string& id) {
    return std::find(other.begin(), other.end(), id) != other.end();
  });
}

TEST_F(FrequencyCapTest, RefreshingNeverRepeatsWhetherWhatWasShownIsRecordedOrWaits) {
  log_->Hold();
  const std::vector<std::string> first = Items();
  ASSERT_EQ(first.size(), 5u);
  now_ += absl::Milliseconds(1);
  const std::vector<std::string> second = Items();
  EXPECT_THAT(second, SharesNothingWith(first));
  log_->Release();
  Restart();
  now_ += absl::Milliseconds(1);
  const std::vector<std::string> third = Items();
  EXPECT_THAT(third, SharesNothingWith(first));
  EXPECT_THAT(third, SharesNothingWith(second));
}

TEST_F(FrequencyCapTest, WhatRestedComesBack) {
  const std::vector<std::string> first = Items();
  Restart();
  now_ += absl::Hours(1);
  EXPECT_EQ(Items(), first);
}

TEST_F(FrequencyCapTest, AnItemMayBeShownAsOftenAsTheCapSaysWaitingOrRecorded) {
  cap_.showings = 3;
  const std::vector<std::string> first = Items();
  now_ += absl::Minutes(1);
  EXPECT_EQ(Items(), first);
  Restart();
  now_ += absl::Minutes(1);
  EXPECT_EQ(Items(), first);
  now_ += absl::Minutes(1);
  EXPECT_THAT(Items(), SharesNothingWith(first));
}

TEST_F(FrequencyCapTest, HoldsForOneUserOrSessionAndIsNotForAnonymousCallers) {
  const std::vector<std::string> first = Items();
  request_.set_session_id("u5");
  const std::vector<std::string> of_session = Items();
  now_ += absl::Minutes(1);
  EXPECT_THAT(Items(), SharesNothingWith(of_session));
  request_.mutable_anonymous();
  const std::vector<std::string> of_anonymous = Items();
  now_ += absl::Minutes(1);
  EXPECT_EQ(Items(), of_anonymous);
}

TEST_F(FrequencyCapTest, ARequestMayHaveItsOwnOrNone) {
  const std::vector<std::string> first = Items();
  now_ += absl::Minutes(1);
  request_.mutable_frequency_cap();
  EXPECT_EQ(Items(), first);
  now_ += absl::Minutes(1);
  request_.mutable_frequency_cap()->set_showings(3);
  request_.mutable_frequency_cap()->set_within_seconds(600);
  EXPECT_EQ(Items(), first);
  now_ += absl::Minutes(1);
  EXPECT_THAT(Items(), SharesNothingWith(first));
}

TEST_F(FrequencyCapTest, ACapThatNeedsMoreThanIsRememberedIsRefused) {
  request_.mutable_frequency_cap()->set_showings(1);
  request_.mutable_frequency_cap()->set_within_seconds(3'601);
  EXPECT_EQ(Error(),
            "frequency_cap: needs what was shown in the last 7202 seconds; the service remembers "
            "it for 7200 (impressions.keep_seconds of its configuration)");
  request_.mutable_frequency_cap()->set_showings(-1);
  EXPECT_EQ(Error(), "frequency_cap.showings: must be 0 to 10, is -1");
}

TEST_F(FrequencyCapTest, GivenItemsRestToo) {
  request_.add_candidate_item_ids("i3");
  ASSERT_THAT(Items(), Contains("i3"));
  now_ += absl::Minutes(1);
  EXPECT_THAT(Items(), IsEmpty());
}

TEST_F(FrequencyCapTest, NoStageIsToldWhatWasShown) {
  Items();
  Restart();
  Items();
  EXPECT_THAT(candidates_.last_query.user.shown, IsEmpty());
  EXPECT_THAT(candidates_.last_query.excluded_item_ids, Not(IsEmpty()));
}

}  // namespace
}  // namespace shortlist
