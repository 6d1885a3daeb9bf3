#include "serving/events/served_answer_recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "state/state_projection.h"
#include "tests/support/captured_log.h"
#include "tests/support/scripted_event_log.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Every answer is a batch of its own, unless a test says otherwise.
constexpr ServedAnswerRecorder::Options kOneByOne = {.most_waiting = 3,
                                                     .batch_size = 1,
                                                     .gathering = absl::ZeroDuration(),
                                                     .retry_pause = absl::Milliseconds(1),
                                                     .log_pause = absl::Hours(1)};

GivenAnswer AnswerOf(const std::string& request_id) {
  GivenAnswer answer;
  answer.request_id = request_id;
  answer.user_id = "u5";
  answer.time_ms = 1'700'000'000'000;
  answer.context.device = "phone";
  answer.bundle = SharedTestModels().bundle();
  answer.items = {{.row = 3, .score = -1.5F}, {.row = 1, .score = -2}};
  return answer;
}

std::vector<std::string> RequestsOf(const ScriptedEventLog& log) {
  std::vector<std::string> ids;
  for (const v1::LogEntry& entry : log.entries()) ids.push_back(entry.answer().request_id());
  return ids;
}

TEST(ServedAnswerRecorder, WritesWhatWasAnsweredToWhomAndWhere) {
  ScriptedEventLog log;
  {
    ServedAnswerRecorder answers(log);
    answers.Add(AnswerOf("r1"));
    GivenAnswer session = AnswerOf("r2");
    session.user_id = "";
    session.session_id = "s";
    answers.Add(std::move(session));
  }
  const std::vector<v1::LogEntry> entries = log.entries();
  ASSERT_EQ(entries.size(), 2u);
  const v1::ServedAnswer& first = entries[0].answer();
  EXPECT_EQ(first.request_id(), "r1");
  EXPECT_EQ(first.user_id(), "u5");
  EXPECT_EQ(first.time_ms(), 1'700'000'000'000);
  EXPECT_EQ(first.context().device(), "phone");
  EXPECT_EQ(first.bundle_id(), SharedTestModels().bundle()->id);
  ASSERT_EQ(first.items_size(), 2);
  EXPECT_EQ(first.items(0).item_id(), "i3");
  EXPECT_EQ(first.items(0).score(), -1.5F);
  EXPECT_EQ(first.items(0).propensity(), 1);
  EXPECT_EQ(first.items(1).item_id(), "i1");
  EXPECT_EQ(entries[1].answer().session_id(), "s");
}

TEST(ServedAnswerRecorder, ABatchHasNothingOfTheOneBefore) {
  ScriptedEventLog log;
  GivenAnswer second = AnswerOf("second");
  second.user_id = "";
  second.session_id = "s";
  second.context = {};
  second.items.pop_back();
  {
    ServedAnswerRecorder answers(log, kOneByOne);
    GivenAnswer first = AnswerOf("first");
    first.context.extra = {{"page", "home"}};
    answers.Add(std::move(first));
    log.WaitForEntries(1);
    answers.Add(second);
  }
  ScriptedEventLog alone;
  { ServedAnswerRecorder(alone, kOneByOne).Add(second); }
  ASSERT_EQ(log.entries().size(), 2u);
  EXPECT_EQ(log.entries()[1].SerializeAsString(), alone.entries().at(0).SerializeAsString());
}

TEST(ServedAnswerRecorder, LeavesOutWhatComesFasterThanTheStoreTakesIt) {
  ScriptedEventLog log;
  CapturedLog logged;
  log.Hold();
  {
    ServedAnswerRecorder answers(log, kOneByOne);
    answers.Add(AnswerOf("held"));
    log.WaitUntilHeld();
    for (const char* id : {"1", "2", "3", "4", "5"}) answers.Add(AnswerOf(id));
    EXPECT_EQ(answers.left_out(), 2u);
    log.Release();
  }
  EXPECT_THAT(RequestsOf(log), ElementsAre("held", "1", "2", "3"));
  EXPECT_THAT(logged.text(),
              HasSubstr("2 answers were not recorded: they come faster than the store takes them"));
}

TEST(ServedAnswerRecorder, TriesAgainWhileTheStoreIsAway) {
  ScriptedEventLog log;
  CapturedLog logged;
  log.set_error(absl::UnavailableError("away"));
  ServedAnswerRecorder answers(log, kOneByOne);
  answers.Add(AnswerOf("1"));
  log.WaitForAttempts(3);
  log.set_error(absl::OkStatus());
  log.WaitForEntries(1);
  EXPECT_THAT(RequestsOf(log), ElementsAre("1"));
  EXPECT_EQ(answers.left_out(), 0u);
  EXPECT_THAT(logged.text(), HasSubstr("answers wait to be recorded: away"));
}

TEST(ServedAnswerRecorder, GoesOnAfterWhatTheStoreWillNeverTake) {
  ScriptedEventLog log;
  CapturedLog logged;
  log.set_error(absl::InternalError("no such table"));
  {
    ServedAnswerRecorder answers(log, kOneByOne);
    answers.Add(AnswerOf("1"));
    log.WaitForAttempts(1);
    while (answers.left_out() == 0) std::this_thread::yield();
    log.set_error(absl::OkStatus());
    answers.Add(AnswerOf("2"));
  }
  EXPECT_THAT(RequestsOf(log), ElementsAre("2"));
  EXPECT_THAT(logged.text(), HasSubstr("1 answers were not recorded: no such table"));
}

TEST(ServedAnswerRecorder, StoppingRecordsAllThatWaits) {
  ScriptedEventLog log;
  {
    // Neither is a batch full nor its time over.
    ServedAnswerRecorder answers(log, {.gathering = absl::Hours(1)});
    for (int i = 0; i < 100; ++i) answers.Add(AnswerOf(std::to_string(i)));
  }
  EXPECT_EQ(log.entries().size(), 100u);
}

TEST(ServedAnswerRecorder, StoppingDoesNotWaitForAStoreThatIsAway) {
  ScriptedEventLog log;
  CapturedLog logged;
  log.set_error(absl::UnavailableError("away"));
  {
    ServedAnswerRecorder answers(log, {.retry_pause = absl::Hours(1)});
    for (int i = 0; i < 100; ++i) answers.Add(AnswerOf(std::to_string(i)));
  }
  EXPECT_THAT(log.entries(), IsEmpty());
  EXPECT_THAT(logged.text(), HasSubstr("100 answers were not recorded: away"));
}

TEST(ServedAnswerRecorder, WarnsOnceForAWhile) {
  ScriptedEventLog log;
  CapturedLog logged;
  log.set_error(absl::InternalError("broken"));
  {
    ServedAnswerRecorder answers(log, kOneByOne);
    for (uint64_t i = 1; i <= 3; ++i) {
      answers.Add(AnswerOf(std::to_string(i)));
      while (answers.left_out() < i) std::this_thread::yield();
    }
  }
  // The first at once, the others when it stops.
  EXPECT_THAT(logged.text(), HasSubstr(" 1 answers were not recorded"));
  EXPECT_THAT(logged.text(), HasSubstr(" 2 answers were not recorded"));
}

// "i3 at 1", ..., of what waits for the user or session.
std::vector<std::string> WaitingFor(const ServedAnswerRecorder& answers, const std::string& key) {
  std::vector<std::string> showings;
  for (const ServedAnswerRecorder::Showing& showing : answers.Waiting(key))
    showings.push_back(showing.item_id + " at " + std::to_string(showing.time_ms));
  return showings;
}

TEST(ServedAnswerRecorder, TellsWhatWaitsUntilItIsRecorded) {
  ScriptedEventLog log;
  log.Hold();
  ServedAnswerRecorder::Options options = kOneByOne;
  options.tells_waiting = true;
  {
    ServedAnswerRecorder answers(log, options);
    for (int64_t time = 1; time <= 2; ++time) {
      GivenAnswer answer = AnswerOf("r");
      answer.time_ms = time;
      answers.Add(std::move(answer));
    }
    GivenAnswer session = AnswerOf("r");
    session.user_id = "";
    session.session_id = "u5";
    answers.Add(std::move(session));
    log.WaitUntilHeld();  // The first is being written.
    EXPECT_THAT(WaitingFor(answers, UserKey("u5")),
                ElementsAre("i3 at 1", "i1 at 1", "i3 at 2", "i1 at 2"));
    EXPECT_EQ(WaitingFor(answers, SessionKey("u5")).size(), 2u);
    EXPECT_THAT(WaitingFor(answers, UserKey("u6")), IsEmpty());
    log.Release();
    log.WaitForEntries(3);
    // By when the third is appended, the second waits no longer.
    EXPECT_THAT(WaitingFor(answers, UserKey("u5")), IsEmpty());
  }
  ServedAnswerRecorder silent(log, kOneByOne);
  log.Hold();
  silent.Add(AnswerOf("r"));
  EXPECT_THAT(WaitingFor(silent, UserKey("u5")), IsEmpty());
  log.Release();
}

}  // namespace
}  // namespace shortlist
