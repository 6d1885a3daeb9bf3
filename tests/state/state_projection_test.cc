#include "state/state_projection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/state/state_store_contract.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

UserState Applied(const std::vector<v1::LogEntry>& entries) {
  const StateProjection projection;
  UserState recorded;
  for (const v1::LogEntry& entry : entries)
    if (projection.Changes(entry)) projection.Apply(entry, recorded);
  return recorded;
}

v1::LogEntry Liked(const std::string& item, int64_t time) {
  return EventEntry("e", "42", item, time);
}
v1::LogEntry Refused(const std::string& item, int64_t time) {
  return EventEntry("e", "42", item, time, v1::EVENT_TYPE_HIDE);
}

std::vector<std::string> ItemsOf(const std::vector<Interaction>& interactions) {
  std::vector<std::string> ids;
  for (const Interaction& interaction : interactions) ids.push_back(interaction.item_id);
  return ids;
}

TEST(StateKeys, TellUsersFromSessionsAndHoldTheId) {
  EXPECT_NE(UserKey("42"), SessionKey("42"));
  EXPECT_EQ(IdOf(UserKey("42")), "42");
  EXPECT_EQ(IdOf(SessionKey("42")), "42");
  EXPECT_TRUE(IsUserKey(UserKey("s:1")));
  EXPECT_FALSE(IsUserKey(SessionKey("u:1")));
}

TEST(StateKeys, AreThoseOfWhomAnEntryIsAbout) {
  v1::LogEntry answer, change;
  answer.mutable_answer()->set_session_id("7");
  change.mutable_user()->set_user_id("8");
  EXPECT_EQ(KeyOf(Liked("a", 1)), UserKey("42"));
  EXPECT_EQ(KeyOf(SessionEntry("e", "42", "a", 1)), SessionKey("42"));
  EXPECT_EQ(KeyOf(answer), SessionKey("7"));
  EXPECT_EQ(KeyOf(change), UserKey("8"));
}

TEST(StateKeys, ATombstoneTellsAKeyAndDoesNotHoldTheId) {
  EXPECT_EQ(TombstoneOf(UserKey("somebody")), TombstoneOf(UserKey("somebody")));
  EXPECT_NE(TombstoneOf(UserKey("somebody")), TombstoneOf(SessionKey("somebody")));
  EXPECT_EQ(TombstoneOf(UserKey("somebody")).find("somebody"), std::string::npos);
}

TEST(StateProjection, TheLatestWordOfAnItemCountsWhateverCameInFirst) {
  // In the history, at 2 and 6; refused at 4.
  const std::vector<v1::LogEntry> entries = {Liked("a", 2), Refused("a", 4), Liked("a", 6)};
  EXPECT_EQ(Applied(entries), (UserState{.user_id = "42", .history = {{"a", 6, 0}}}));
  EXPECT_EQ(Applied({entries[0], entries[2], entries[1]}), Applied(entries));
  EXPECT_EQ(Applied({entries[2], entries[0], entries[1]}), Applied(entries));
  EXPECT_EQ(Applied({entries[1], entries[0], entries[2]}), Applied(entries));
  EXPECT_EQ(Applied({entries[1], entries[0]}),
            (UserState{.user_id = "42", .refused = {{"a", 4, 0}}}));
  EXPECT_EQ(Applied({Refused("a", 4), Refused("a", 2)}).refused,
            (std::vector<Interaction>{{"a", 4, 0}}));
  EXPECT_EQ(Applied({Refused("a", 2), Refused("a", 4)}).refused,
            (std::vector<Interaction>{{"a", 4, 0}}));
}

TEST(StateProjection, OfTheSameTimeWhatCameInLaterCounts) {
  EXPECT_THAT(Applied({Liked("a", 2), Refused("a", 2)}).history, IsEmpty());
  EXPECT_THAT(Applied({Refused("a", 2), Liked("a", 2)}).refused, IsEmpty());
}

TEST(StateProjection, AnInteractionIsThereOnceWithItsRating) {
  v1::LogEntry rating = Liked("a", 2);
  rating.mutable_event()->set_type(v1::EVENT_TYPE_RATING);
  rating.mutable_event()->set_rating(3);
  EXPECT_EQ(Applied({Liked("a", 2), rating, Liked("a", 2)}).history,
            (std::vector<Interaction>{{"a", 2, 3}}));
}

TEST(StateProjection, KeepsTheLastOfTooMany) {
  std::vector<v1::LogEntry> entries;
  const int64_t liked = kMaxRecordedHistory, refused = kMaxRefused;
  for (int64_t i = 0; i < liked + 5; ++i) entries.push_back(Liked("a" + std::to_string(i), i));
  entries.push_back(Liked("too old", -1));
  for (int64_t i = 0; i < refused + 5; ++i) entries.push_back(Refused("b" + std::to_string(i), i));
  const UserState state = Applied(entries);
  EXPECT_EQ(state.history.size(), kMaxRecordedHistory);
  EXPECT_EQ(state.history.front().item_id, "a5");
  EXPECT_EQ(state.refused.size(), kMaxRefused);
  EXPECT_EQ(state.refused.front().item_id, "b5");
}

TEST(StateProjection, AttributesAreBoundedToo) {
  std::vector<v1::LogEntry> entries;
  for (size_t i = 0; i < kMaxAttributes + 1; ++i) {
    v1::LogEntry& entry = entries.emplace_back();
    entry.mutable_user()->set_user_id("42");
    entry.mutable_user()->add_attributes()->set_name("a" + std::to_string(i));
  }
  const UserState state = Applied(entries);
  EXPECT_EQ(state.attributes.size(), kMaxAttributes);
  EXPECT_EQ(state.attributes.front().name, "a1");
}

TEST(StateProjection, OnlyWhatSaysSomethingChangesAState) {
  v1::LogEntry answer, change;
  answer.mutable_answer()->set_user_id("42");
  change.mutable_user()->set_user_id("42");
  const StateProjection projection;
  EXPECT_FALSE(projection.Changes(answer));
  EXPECT_TRUE(projection.Changes(change));
  EXPECT_TRUE(projection.Changes(Liked("a", 1)));
  EXPECT_TRUE(projection.Changes(Refused("a", 1)));
  EXPECT_FALSE(projection.Changes(EventEntry("e", "42", "a", 1, v1::EVENT_TYPE_IMPRESSION)));
}

v1::LogEntry AnswerOf(const std::vector<std::string>& items, int64_t time_ms) {
  v1::LogEntry entry;
  entry.mutable_answer()->set_user_id("42");
  entry.mutable_answer()->set_time_ms(time_ms);
  for (const std::string& item : items) entry.mutable_answer()->add_items()->set_item_id(item);
  return entry;
}
v1::LogEntry Seen(const std::string& item, int64_t time_ms, const std::string& request_id = "") {
  v1::LogEntry entry = EventEntry("e", "42", item, time_ms, v1::EVENT_TYPE_IMPRESSION);
  entry.mutable_event()->set_request_id(request_id);
  return entry;
}
std::vector<Showings> Shown(const std::vector<v1::LogEntry>& entries, const KeptShowings& kept) {
  const StateProjection projection(EventWorth(), kept);
  UserState recorded;
  for (const v1::LogEntry& entry : entries)
    if (projection.Changes(entry)) projection.Apply(entry, recorded);
  return recorded.shown;
}

TEST(ProjectedShowings, AreThoseOfAnswersAndOfEventsThatNameNone) {
  const std::vector<v1::LogEntry> entries = {
      AnswerOf({"a", "b"}, 1'000), AnswerOf({"b", "c"}, 2'000), Seen("b", 2'001, "an answer"),
      Seen("a", 3'000), AnswerOf({"c"}, 2'000)};  // Sent again.
  EXPECT_EQ(Shown(entries, {.time = absl::Seconds(60)}),
            (std::vector<Showings>{{"b", {1'000, 2'000}}, {"c", {2'000}}, {"a", {1'000, 3'000}}}));
  EXPECT_EQ(Shown(entries, {.time = absl::Seconds(60), .of_answers = false}),
            (std::vector<Showings>{{"b", {2'001}}, {"a", {3'000}}}));
  EXPECT_THAT(Shown(entries, {}), IsEmpty());
}

TEST(ProjectedShowings, AreBoundedByTimeAndNumber) {
  EXPECT_EQ(
      Shown({AnswerOf({"a", "b"}, 1'000), AnswerOf({"b"}, 5'000)}, {.time = absl::Seconds(3)}),
      (std::vector<Showings>{{"b", {5'000}}}));
  std::vector<v1::LogEntry> entries;
  for (int i = 0; i < 12; ++i) entries.push_back(AnswerOf({"again"}, i));
  for (int i = 0; i < 1'000; ++i) entries.push_back(AnswerOf({std::to_string(i)}, 100 + i));
  entries.push_back(AnswerOf({"again", "0"}, 50));  // Came late.
  const std::vector<Showings> shown = Shown(entries, {.time = absl::Hours(1)});
  ASSERT_EQ(shown.size(), kMaxShownItems);
  EXPECT_EQ(shown.front(), (Showings{"0", {50, 100}}));
  EXPECT_EQ(shown.back(), (Showings{"999", {1'099}}));
  entries.resize(12);
  EXPECT_THAT(Shown(entries, {.time = absl::Hours(1)})[0].times_ms,
              ElementsAre(2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
}

TEST(Merge, PutsBothHistoriesInOrderOfTimeAndWhatBothHaveOnce) {
  const UserState merged =
      Merge({.user_id = "42", .history = {{"a", 0, 1}, {"b", 0, 1}, {"c", 5, 1}, {"d", 5, 1}}},
            {.user_id = "42", .history = {{"e", 3, 2}, {"d", 5, 2}, {"c", 6, 2}, {"f", 9, 2}}});
  EXPECT_EQ(merged, (UserState{.user_id = "42",
                               .history = {{"a", 0, 1},
                                           {"b", 0, 1},
                                           {"e", 3, 2},
                                           {"c", 5, 1},
                                           {"d", 5, 2},
                                           {"c", 6, 2},
                                           {"f", 9, 2}}}));
}

TEST(Merge, LeavesOutWhatWasRefusedSince) {
  const UserState merged = Merge(
      {.history = {{"a", 1, 0}, {"b", 1, 0}, {"a", 9, 0}}, .refused = {{"c", 1, 0}, {"d", 2, 0}}},
      {.history = {{"c", 4, 0}}, .refused = {{"d", 3, 0}, {"a", 5, 0}, {"b", 5, 0}}});
  EXPECT_THAT(ItemsOf(merged.history), ElementsAre("c", "a"));
  EXPECT_EQ(merged.refused, (std::vector<Interaction>{{"d", 3, 0}, {"b", 5, 0}}));
}

TEST(Merge, OfOnePartIsThatPart) {
  const UserState part{.user_id = "42",
                       .attributes = {{"age", {"30"}}},
                       .history = {{"a", 1, 0}},
                       .refused = {{"b", 1, 0}}};
  EXPECT_EQ(Merge(part, {}), part);
  UserState recorded = part;
  recorded.shown = {{"c", {1}}};
  EXPECT_EQ(Merge({}, recorded), recorded);
}

TEST(Merge, RecordedAttributesStandInForThoseOfTheirName) {
  const UserState merged = Merge({.attributes = {{"a", {"1"}}, {"b", {"2"}}, {"a", {"3"}}}},
                                 {.attributes = {{"a", {"4"}}, {"c", {}}}});
  EXPECT_EQ(merged.attributes,
            (std::vector<NamedAttribute>{{"b", {"2"}}, {"a", {"4"}}, {"c", {}}}));
}

}  // namespace
}  // namespace shortlist
