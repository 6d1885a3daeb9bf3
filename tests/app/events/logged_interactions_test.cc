#include "app/events/logged_interactions.h"

#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

using ::testing::ElementsAre;

// A log in memory: what is read is the same whatever keeps it.
class ListedLog : public EventLog {
 public:
  explicit ListedLog(const std::vector<std::string>& entries) {
    for (const std::string& text : entries)
      EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &entries_.emplace_back()))
          << text;
  }
  absl::StatusOr<AppendResult> Append(std::span<const v1::LogEntry>) override {
    return absl::UnimplementedError("a log to be read");
  }
  absl::Status ReadAll(
      const std::function<absl::Status(const v1::LogEntry&)>& visit) const override {
    for (const v1::LogEntry& entry : entries_)
      if (absl::Status status = visit(entry); !status.ok()) return status;
    return absl::OkStatus();
  }

 private:
  std::vector<v1::LogEntry> entries_;
};

constexpr char kAnswer[] =
    "answer { request_id: 'r' user_id: 'a' time_ms: 5 context { device: 'phone' surface: 'home' } "
    "items { item_id: 'w' } items { item_id: 'x' } items { item_id: 'y' } items { item_id: 'z' } }";

std::vector<std::string> Lines(const LoggedInteractions& logged) {
  std::vector<std::string> lines;
  for (const LoggedInteraction& row : logged.rows)
    lines.push_back(row.user_id + " " + row.item_id + " " + std::to_string(row.time_ms) + " " +
                    (row.worth > 0 ? "+" : "-") + row.device + row.surface);
  return lines;
}

TEST(LoggedInteractionsTest, WhatStandsAboveAClickAndWasLeftAloneWasPassedOver) {
  const ListedLog log({kAnswer,
                       "event { user_id: 'a' item_id: 'y' type: EVENT_TYPE_CLICK time_ms: 9 "
                       "request_id: 'r' place: 3 }"});
  const auto logged = ReadInteractions(log, EventWorth());
  ASSERT_TRUE(logged.ok()) << logged.status();
  EXPECT_THAT(Lines(*logged),
              ElementsAre("a y 9 +phonehome", "a w 5 -phonehome", "a x 5 -phonehome"));
  EXPECT_EQ(logged->taken_up, 1u);
  EXPECT_EQ(logged->passed_over, 2u);
}

TEST(LoggedInteractionsTest, AnAnswerThatNothingWasTakenUpFromSaysNothing) {
  const ListedLog log({kAnswer, "event { user_id: 'a' item_id: 'x' type: EVENT_TYPE_CLICK }"});
  EXPECT_THAT(Lines(*ReadInteractions(log, EventWorth())), ElementsAre("a x 0 +"));
}

TEST(LoggedInteractionsTest, AnAnswerThatWasGivenToSomeoneElseIsNotBelieved) {
  const ListedLog log(
      {kAnswer, "event { user_id: 'b' item_id: 'y' type: EVENT_TYPE_CLICK request_id: 'r' }"});
  EXPECT_THAT(Lines(*ReadInteractions(log, EventWorth())), ElementsAre("b y 0 +"));
}

TEST(LoggedInteractionsTest, OfWhatWasToldOfAUserTheLastCounts) {
  const ListedLog log(
      {"user { user_id: 'a' attributes { name: 'city' values: 'Rome' } "
       "attributes { name: 'age' values: '30' } }",
       "user { user_id: 'a' attributes { name: 'city' values: ['Oslo', 'Bergen'] } }"});
  const auto logged = ReadInteractions(log, EventWorth());
  ASSERT_TRUE(logged.ok());
  EXPECT_THAT(logged->users.at("a"), ElementsAre(NamedAttribute{"city", {"Oslo", "Bergen"}},
                                                 NamedAttribute{"age", {"30"}}));
}

}  // namespace
}  // namespace shortlist
