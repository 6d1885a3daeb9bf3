#include "tests/state/state_store_contract.h"

#include <gmock/gmock.h>

#include <atomic>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "shortlist/v1/dataset_spec.pb.h"

namespace shortlist {

v1::LogEntry EventEntry(std::string_view event_id, std::string_view user_id,
                        std::string_view item_id, int64_t time_ms, v1::EventType type) {
  v1::LogEntry entry;
  v1::Event& event = *entry.mutable_event();
  event.set_event_id(std::string(event_id));
  event.set_user_id(std::string(user_id));
  event.set_item_id(std::string(item_id));
  event.set_time_ms(time_ms);
  event.set_type(type);
  return entry;
}

v1::LogEntry SessionEntry(std::string_view event_id, std::string_view session_id,
                          std::string_view item_id, int64_t time_ms) {
  v1::LogEntry entry = EventEntry(event_id, "", item_id, time_ms);
  entry.mutable_event()->set_session_id(std::string(session_id));
  return entry;
}

UserState ReadState(const StateStore& store, const std::string& key) {
  UserState state;
  const absl::StatusOr<bool> known = store.Read(key, state);
  EXPECT_TRUE(known.ok()) << known.status();
  if (known.ok() && !*known) {
    EXPECT_EQ(state, UserState());
  }
  return state;
}

std::vector<v1::LogEntry> ReadLog(const StateStore& store) {
  std::vector<v1::LogEntry> entries;
  const absl::Status status = store.ReadAll([&](const v1::LogEntry& entry) {
    entries.push_back(entry);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return entries;
}

v1::LogEntry ItemEntry(const std::string& id, const std::string& title) {
  v1::LogEntry entry;
  entry.mutable_item()->set_item_id(id);
  entry.mutable_item()->mutable_upsert()->set_title(title);
  return entry;
}
v1::LogEntry HideEntry(const std::string& id, int64_t until_ms) {
  v1::LogEntry entry;
  entry.mutable_item()->set_item_id(id);
  entry.mutable_item()->set_hidden_until_ms(until_ms);
  return entry;
}

std::vector<std::string> ChangesAfter(const StateStore& store, int64_t& position) {
  std::vector<std::string> changes;
  const int64_t after = position;
  EXPECT_TRUE(store
                  .VisitItemChanges(after,
                                    [&](int64_t at, const v1::ItemChange& change) {
                                      EXPECT_GT(at, position);
                                      position = at;
                                      changes.push_back(
                                          change.item_id() + " " +
                                          (change.has_upsert()
                                               ? change.upsert().title()
                                               : std::to_string(change.hidden_until_ms())));
                                      return absl::OkStatus();
                                    })
                  .ok());
  return changes;
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;

constexpr v1::EventType kDislike = v1::EVENT_TYPE_DISLIKE;

// What was recorded and what was known, of a batch that must be accepted.
std::pair<size_t, size_t> Append(StateStore& store, const std::vector<v1::LogEntry>& entries) {
  const absl::StatusOr<AppendResult> result = store.Append(entries);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? std::pair{result->recorded, result->known} : std::pair<size_t, size_t>{};
}

absl::Status ReplaceSeeds(StateStore& store, std::vector<UserState> seeds) {
  size_t next = 0;
  return store.ReplaceSeeds([&](UserState& state) {
    EXPECT_EQ(state, UserState());
    if (next == seeds.size()) return false;
    state = seeds[next++];
    return true;
  });
}

std::vector<std::string> ItemsOf(const std::vector<Interaction>& interactions) {
  std::vector<std::string> ids;
  for (const Interaction& interaction : interactions) ids.push_back(interaction.item_id);
  return ids;
}

std::vector<std::string> HistoryOf(const StateStore& store, const std::string& key) {
  return ItemsOf(ReadState(store, key).history);
}

std::vector<std::string> EventIdsOf(const StateStore& store) {
  std::vector<std::string> ids;
  for (const v1::LogEntry& entry : ReadLog(store)) ids.push_back(entry.event().event_id());
  return ids;
}

v1::LogEntry AnswerEntry(std::string_view user_id, std::string_view request_id = "r1") {
  v1::LogEntry entry;
  entry.mutable_answer()->set_request_id(std::string(request_id));
  entry.mutable_answer()->set_user_id(std::string(user_id));
  entry.mutable_answer()->add_items()->set_item_id("shown");
  return entry;
}

v1::LogEntry ChangeEntry(std::string_view user_id, std::string_view name, std::string_view value) {
  v1::LogEntry entry;
  entry.mutable_user()->set_user_id(std::string(user_id));
  v1::Attribute& attribute = *entry.mutable_user()->add_attributes();
  attribute.set_name(std::string(name));
  attribute.add_values(std::string(value));
  return entry;
}

TEST_P(StateStoreContract, KnowsNobodyAtFirst) {
  UserState state;
  EXPECT_FALSE(store_->Read(UserKey("42"), state).value());
  EXPECT_EQ(state, UserState());
  EXPECT_THAT(store_->UserIds().value(), IsEmpty());
  EXPECT_THAT(ReadLog(*store_), IsEmpty());
}

TEST_P(StateStoreContract, WhatIsAppendedIsReadAtOnceAndAfterReopening) {
  v1::LogEntry rating = EventEntry("e2", "42", "b", 20, v1::EVENT_TYPE_RATING);
  rating.mutable_event()->set_rating(4.5F);
  EXPECT_EQ(Append(*store_, {EventEntry("e1", "42", "a", 10), rating}), std::pair(2ul, 0ul));
  const UserState expected{.user_id = "42", .history = {{"a", 10, 0}, {"b", 20, 4.5F}}};
  for (int round = 0; round < 2; ++round) {
    UserState state;
    EXPECT_TRUE(store_->Read(UserKey("42"), state).value());
    EXPECT_EQ(state, expected);
    EXPECT_THAT(store_->UserIds().value(), ElementsAre("42"));
    EXPECT_THAT(EventIdsOf(*store_), ElementsAre("e1", "e2"));
    EXPECT_EQ(ReadLog(*store_)[1].SerializeAsString(), rating.SerializeAsString());
    store_.reset();
    store_ = Open();
  }
}

TEST_P(StateStoreContract, AnEmptyBatchIsNothing) {
  EXPECT_EQ(Append(*store_, {}), std::pair(0ul, 0ul));
  EXPECT_THAT(ReadLog(*store_), IsEmpty());
}

TEST_P(StateStoreContract, AnEventIsRecordedOnceHoweverOftenItIsSent) {
  const v1::LogEntry event = EventEntry("e1", "42", "a", 10);
  EXPECT_EQ(Append(*store_, {event, event}), std::pair(1ul, 1ul));
  EXPECT_EQ(Append(*store_, {EventEntry("e2", "42", "b", 20), event}), std::pair(1ul, 1ul));
  const std::unique_ptr<StateStore> other = Open();
  EXPECT_EQ(Append(*other, {event}), std::pair(0ul, 1ul));
  // Its id is what counts.
  EXPECT_EQ(Append(*other, {EventEntry("e1", "42", "c", 30)}), std::pair(0ul, 1ul));
  EXPECT_THAT(HistoryOf(*store_, UserKey("42")), ElementsAre("a", "b"));
  EXPECT_THAT(EventIdsOf(*store_), ElementsAre("e1", "e2"));
}

TEST_P(StateStoreContract, EveryHandleReadsWhatAnyOtherHasAppended) {
  const std::unique_ptr<StateStore> other = Open();
  Append(*other, {EventEntry("e1", "42", "a", 10)});
  EXPECT_THAT(HistoryOf(*store_, UserKey("42")), ElementsAre("a"));
  Append(*store_, {EventEntry("e2", "42", "b", 20)});
  EXPECT_THAT(HistoryOf(*other, UserKey("42")), ElementsAre("a", "b"));
}

TEST_P(StateStoreContract, HistoryIsInOrderOfTimeWhateverCameFirst) {
  Append(*store_, {EventEntry("e1", "42", "c", 30), EventEntry("e2", "42", "a", 10)});
  Append(*store_, {EventEntry("e3", "42", "b", 20), EventEntry("e4", "42", "b2", 20)});
  EXPECT_THAT(HistoryOf(*store_, UserKey("42")), ElementsAre("a", "b", "b2", "c"));
  EXPECT_THAT(EventIdsOf(*store_), ElementsAre("e1", "e2", "e3", "e4"));
}

TEST_P(StateStoreContract, WhatIsRefusedLeavesTheHistoryUntilItIsLikedAgain) {
  Append(*store_, {EventEntry("e1", "42", "a", 10), EventEntry("e2", "42", "b", 11),
                   EventEntry("e3", "42", "a", 12, kDislike)});
  UserState state = ReadState(*store_, UserKey("42"));
  EXPECT_THAT(ItemsOf(state.history), ElementsAre("b"));
  EXPECT_EQ(state.refused, (std::vector<Interaction>{{"a", 12, 0}}));
  // Happened before it was refused.
  Append(*store_, {EventEntry("e4", "42", "a", 11)});
  EXPECT_EQ(ReadState(*store_, UserKey("42")), state);
  Append(*store_, {EventEntry("e5", "42", "a", 13)});
  state = ReadState(*store_, UserKey("42"));
  EXPECT_THAT(ItemsOf(state.history), ElementsAre("b", "a"));
  EXPECT_THAT(state.refused, IsEmpty());
}

TEST_P(StateStoreContract, AnswersAndImpressionsAreInTheLogAndChangeNoState) {
  EXPECT_EQ(Append(*store_, {AnswerEntry("42", "r1"), AnswerEntry("42", "r2"),
                             EventEntry("e1", "42", "a", 10, v1::EVENT_TYPE_IMPRESSION)}),
            std::pair(3ul, 0ul));
  UserState state;
  EXPECT_FALSE(store_->Read(UserKey("42"), state).value());
  const std::vector<v1::LogEntry> log = ReadLog(*store_);
  ASSERT_EQ(log.size(), 3u);
  EXPECT_EQ(log[0].SerializeAsString(), AnswerEntry("42").SerializeAsString());
}

TEST_P(StateStoreContract, RemembersWhatWasShownWhereItIsToldTo) {
  const StateProjection projection(EventWorth(), {.time = absl::Hours(1)});
  const std::unique_ptr<StateStore> remembering = place_->Open(projection);
  v1::LogEntry answer = AnswerEntry("42");
  answer.mutable_answer()->set_time_ms(1'000);
  answer.mutable_answer()->clear_items();
  for (const char* id : {"a", "b"}) answer.mutable_answer()->add_items()->set_item_id(id);
  Append(*remembering, {answer, EventEntry("e1", "42", "b", 2'000, v1::EVENT_TYPE_IMPRESSION)});
  const std::vector<Showings> shown = {{"a", {1'000}}, {"b", {1'000, 2'000}}};
  EXPECT_EQ(ReadState(*place_->Open(projection), UserKey("42")).shown, shown);
  ASSERT_TRUE(remembering->Rebuild().ok());
  EXPECT_EQ(ReadState(*Open(), UserKey("42")).shown, shown);
  ASSERT_TRUE(store_->Rebuild().ok());
  EXPECT_THAT(ReadState(*store_, UserKey("42")).shown, IsEmpty());
}

TEST_P(StateStoreContract, AttributesReplaceThoseOfTheirName) {
  ASSERT_TRUE(ReplaceSeeds(*store_,
                           {{.user_id = "42", .attributes = {{"age", {"30"}}, {"city", {"Oslo"}}}}})
                  .ok());
  Append(*store_, {ChangeEntry("42", "age", "31"), ChangeEntry("42", "age", "32")});
  EXPECT_THAT(ReadState(*store_, UserKey("42")).attributes,
              testing::UnorderedElementsAre(NamedAttribute{"age", {"32"}},
                                            NamedAttribute{"city", {"Oslo"}}));
}

TEST_P(StateStoreContract, WhatIsReadIsSeedAndRecordedPartTogether) {
  ASSERT_TRUE(ReplaceSeeds(*store_, {{.user_id = "42",
                                      .history = {{"a", 10, 3}, {"b", 20, 4}, {"c", 30, 5}}}})
                  .ok());
  Append(*store_, {EventEntry("e1", "42", "b", 20), EventEntry("e2", "42", "d", 25),
                   EventEntry("e3", "42", "a", 40, kDislike), EventEntry("e4", "43", "a", 1)});
  const UserState state = ReadState(*store_, UserKey("42"));
  EXPECT_EQ(state.history, (std::vector<Interaction>{{"b", 20, 0}, {"d", 25, 0}, {"c", 30, 5}}));
  EXPECT_THAT(ItemsOf(state.refused), ElementsAre("a"));
  EXPECT_THAT(store_->UserIds().value(), ElementsAre("42", "43"));
}

TEST_P(StateStoreContract, ReplaceSeedsForgetsTheSeedsBeforeAndKeepsWhatWasRecorded) {
  ASSERT_TRUE(ReplaceSeeds(*store_, {{.user_id = "1", .history = {{"a", 10, 0}}},
                                     {.user_id = "2", .history = {{"b", 10, 0}}}})
                  .ok());
  Append(*store_, {EventEntry("e1", "2", "c", 20), EventEntry("e2", "3", "d", 20)});
  ASSERT_TRUE(ReplaceSeeds(*store_, {{.user_id = "2", .history = {{"e", 30, 0}}}}).ok());
  EXPECT_THAT(HistoryOf(*store_, UserKey("1")), IsEmpty());
  EXPECT_THAT(HistoryOf(*store_, UserKey("2")), ElementsAre("c", "e"));
  EXPECT_THAT(HistoryOf(*store_, UserKey("3")), ElementsAre("d"));
  EXPECT_THAT(EventIdsOf(*store_), testing::UnorderedElementsAre("e1", "e2"));
}

TEST_P(StateStoreContract, ReplaceSeedsThatFailsLeavesTheSeedsBefore) {
  ASSERT_TRUE(ReplaceSeeds(*store_, {{.user_id = "1", .history = {{"a", 10, 0}}}}).ok());
  EXPECT_EQ(ReplaceSeeds(*store_, {{.user_id = "2"}, {.user_id = ""}}).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(store_->UserIds().value(), ElementsAre("1"));
  EXPECT_THAT(HistoryOf(*store_, UserKey("1")), ElementsAre("a"));
  ASSERT_TRUE(ReplaceSeeds(*store_, {{.user_id = "3"}}).ok());
  EXPECT_THAT(store_->UserIds().value(), ElementsAre("3"));
}

TEST_P(StateStoreContract, ReadersSeeTheOldSeedsUntilTheNewOnesAreAllThere) {
  ASSERT_TRUE(ReplaceSeeds(*store_, {{.user_id = "1", .history = {{"a", 10, 0}}}}).ok());
  const std::unique_ptr<StateStore> other = Open();
  bool first = true;
  ASSERT_TRUE(store_
                  ->ReplaceSeeds([&](UserState& state) {
                    EXPECT_THAT(HistoryOf(*store_, UserKey("1")), ElementsAre("a"));
                    EXPECT_THAT(HistoryOf(*other, UserKey("1")), ElementsAre("a"));
                    state = {.user_id = "1", .history = {{"b", 10, 0}}};
                    return std::exchange(first, false);
                  })
                  .ok());
  EXPECT_THAT(HistoryOf(*store_, UserKey("1")), ElementsAre("b"));
}

TEST_P(StateStoreContract, AUserAndASessionOfOneIdShareNothing) {
  Append(*store_, {EventEntry("e1", "42", "a", 10), SessionEntry("e2", "42", "b", 10)});
  EXPECT_EQ(ReadState(*store_, UserKey("42")),
            (UserState{.user_id = "42", .history = {{"a", 10, 0}}}));
  EXPECT_EQ(ReadState(*store_, SessionKey("42")), (UserState{.history = {{"b", 10, 0}}}));
  ASSERT_TRUE(ReplaceSeeds(*store_, {{.user_id = "43", .history = {{"c", 1, 0}}}}).ok());
  EXPECT_THAT(HistoryOf(*store_, SessionKey("43")), IsEmpty());
  ASSERT_TRUE(store_->Forget("42").ok());
  EXPECT_THAT(HistoryOf(*store_, SessionKey("42")), ElementsAre("b"));
}

TEST_P(StateStoreContract, TakesAnyTextForAnId) {
  const std::vector<std::string> ids = {"1",  "01",   "1.0",    "u:1", "s:1",
                                        " 1", "null", "a'b\"c", "Zoë", std::string("a\0b", 3),
                                        "a",  "{1}",  "a:b*?[", "\n",  std::string(256, 'x')};
  std::vector<v1::LogEntry> entries;
  for (const std::string& id : ids) {
    entries.push_back(EventEntry("event " + id, id, id, 10));
    entries.push_back(SessionEntry("session event " + id, id, "s" + id, 10));
  }
  EXPECT_EQ(Append(*store_, entries).first, entries.size());
  EXPECT_EQ(Append(*store_, entries).second, entries.size());
  for (const std::string& id : ids) {
    EXPECT_THAT(HistoryOf(*store_, UserKey(id)), ElementsAre(id));
    EXPECT_THAT(HistoryOf(*store_, SessionKey(id)), ElementsAre("s" + id));
  }
  EXPECT_THAT(store_->UserIds().value(), UnorderedElementsAreArray(ids));
}

// Events of 20 users and 20 sessions of all types, in no order of time.
std::vector<v1::LogEntry> RandomEntries(size_t count) {
  std::mt19937_64 random(1);
  const auto below = [&](uint64_t n) { return random() % n; };
  std::vector<v1::LogEntry> entries;
  for (size_t i = 0; i < count; ++i) {
    const std::string id = std::to_string(below(20)), item = "i" + std::to_string(below(30));
    const auto time = static_cast<int64_t>(below(1'000));
    const std::string event_id = "e" + std::to_string(i - (i > 10 && below(10) == 0 ? 7 : 0));
    entries.push_back(below(4) == 0 ? SessionEntry(event_id, id, item, time)
                                    : EventEntry(event_id, id, item, time));
    v1::Event& event = *entries.back().mutable_event();
    event.set_type(static_cast<v1::EventType>(1 + below(9)));
    if (event.type() == v1::EVENT_TYPE_RATING) event.set_rating(static_cast<float>(below(6)));
    if (event.type() == v1::EVENT_TYPE_CUSTOM) event.set_custom_type("share");
    if (below(20) == 0) entries.back() = ChangeEntry(id, "a" + std::to_string(below(3)), item);
    if (below(20) == 0) entries.back() = AnswerEntry(id);
  }
  return entries;
}

std::map<std::string, UserState> AllStates(const StateStore& store) {
  std::map<std::string, UserState> states;
  for (int id = 0; id < 20; ++id)
    for (const std::string& key : {UserKey(std::to_string(id)), SessionKey(std::to_string(id))})
      states[key] = ReadState(store, key);
  return states;
}

TEST_P(StateStoreContract, ARebuildMakesTheSameStatesOnceMore) {
  ASSERT_TRUE(ReplaceSeeds(*store_, {{.user_id = "1", .history = {{"i1", 500, 1}}},
                                     {.user_id = "seed", .history = {{"i2", 1, 1}}}})
                  .ok());
  const std::vector<v1::LogEntry> entries = RandomEntries(2'000);
  for (size_t begin = 0; begin < entries.size(); begin += 50)
    Append(*store_, {entries.begin() + static_cast<std::ptrdiff_t>(begin),
                     entries.begin() + static_cast<std::ptrdiff_t>(begin + 50)});
  ASSERT_TRUE(store_->Forget("7").ok());
  const std::map<std::string, UserState> before = AllStates(*store_);
  const std::vector<std::string> users = store_->UserIds().value();
  ASSERT_TRUE(store_->Rebuild().ok());
  EXPECT_EQ(AllStates(*store_), before);
  EXPECT_EQ(store_->UserIds().value(), users);
  EXPECT_FALSE(before.at(UserKey("1")).history.empty());
  EXPECT_FALSE(before.at(UserKey("1")).refused.empty());
  // Recording goes on.
  Append(*store_, {EventEntry("new", "1", "new", 10'000)});
  EXPECT_EQ(ReadState(*store_, UserKey("1")).history.back().item_id, "new");
}

TEST_P(StateStoreContract, ARebuildGoesByWhatEventsAreWorthNow) {
  Append(*store_,
         {EventEntry("e1", "1", "a", 10, v1::EVENT_TYPE_VIEW),
          EventEntry("e2", "2", "b", 10, v1::EVENT_TYPE_VIEW), EventEntry("e3", "2", "c", 20)});
  v1::WorthRule views;
  views.set_column("type");
  views.set_is("view");
  views.set_worth(0);
  const std::unique_ptr<StateStore> other =
      place_->Open(StateProjection(EventWorth::Make({&views, 1}).value()));
  ASSERT_TRUE(other->Rebuild().ok());
  UserState state;
  EXPECT_FALSE(store_->Read(UserKey("1"), state).value());
  EXPECT_THAT(HistoryOf(*store_, UserKey("2")), ElementsAre("c"));
}

TEST_P(StateStoreContract, NothingIsLeftOfAUserWhoIsForgotten) {
  const UserState seed{.user_id = "42", .history = {{"a", 1, 0}}};
  ASSERT_TRUE(ReplaceSeeds(*store_, {seed, {.user_id = "43", .history = {{"a", 1, 0}}}}).ok());
  Append(*store_, {EventEntry("e1", "42", "b", 10), AnswerEntry("42"),
                   ChangeEntry("42", "age", "30"), EventEntry("e2", "43", "b", 10)});
  ASSERT_TRUE(store_->Forget("42").ok());
  const UserState nothing{.is_forgotten = true};
  UserState state;
  EXPECT_TRUE(store_->Read(UserKey("42"), state).value());
  EXPECT_EQ(state, nothing);
  EXPECT_THAT(store_->UserIds().value(), ElementsAre("43"));
  EXPECT_THAT(EventIdsOf(*store_), ElementsAre("e2"));
  EXPECT_THAT(HistoryOf(*store_, UserKey("43")), ElementsAre("a", "b"));
  // No later training brings them back.
  ASSERT_TRUE(ReplaceSeeds(*store_, {seed}).ok());
  ASSERT_TRUE(store_->Rebuild().ok());
  EXPECT_EQ(ReadState(*Open(), UserKey("42")), nothing);
}

TEST_P(StateStoreContract, WhoIsForgottenMayComeBack) {
  Append(*store_, {EventEntry("e1", "42", "a", 10)});
  ASSERT_TRUE(store_->Forget("42").ok());
  ASSERT_TRUE(store_->Forget("42").ok());  // As often as one likes.
  // Of their events nothing is known, not even that there were any.
  EXPECT_EQ(Append(*store_, {EventEntry("e1", "42", "b", 10)}), std::pair(1ul, 0ul));
  EXPECT_EQ(ReadState(*store_, UserKey("42")),
            (UserState{.user_id = "42", .history = {{"b", 10, 0}}, .is_forgotten = true}));
}

TEST_P(StateStoreContract, IsForgottenUntilTheTombstonesOfThatTimeGo) {
  const absl::Time before = absl::Now() - absl::Hours(1);
  ASSERT_TRUE(store_->Forget("42").ok());
  ASSERT_TRUE(store_->RemoveTombstones(before).ok());
  EXPECT_TRUE(ReadState(*store_, UserKey("42")).is_forgotten);
  ASSERT_TRUE(store_->RemoveTombstones(absl::Now() + absl::Hours(1)).ok());
  UserState state;
  EXPECT_FALSE(store_->Read(UserKey("42"), state).value());
  EXPECT_FALSE(state.is_forgotten);
  ASSERT_TRUE(ReplaceSeeds(*store_, {{.user_id = "42", .history = {{"a", 1, 0}}}}).ok());
  EXPECT_THAT(HistoryOf(*store_, UserKey("42")), ElementsAre("a"));
}

TEST_P(StateStoreContract, ReadAllStopsAtTheVisitorsErrorAndLeavesOutWhatComesMeanwhile) {
  Append(*store_, {EventEntry("e1", "42", "a", 10), EventEntry("e2", "42", "b", 10)});
  std::vector<std::string> seen;
  const absl::Status status = store_->ReadAll([&](const v1::LogEntry& entry) {
    Append(*store_, {EventEntry(entry.event().event_id() + " again", "42", "c", 10)});
    seen.push_back(entry.event().event_id());
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(seen, ElementsAre("e1", "e2"));
  int visits = 0;
  EXPECT_EQ(store_->ReadAll([&](const v1::LogEntry&) {
    ++visits;
    return absl::CancelledError("enough");
  }),
            absl::CancelledError("enough"));
  EXPECT_EQ(visits, 1);
}

// Two processes, a thread each: what one has recorded the other reads at once.
TEST_P(StateStoreContract, NoReadMissesWhatWasRecordedBeforeIt) {
  const std::unique_ptr<StateStore> other = Open();
  std::atomic<int> missed = 0, failed = 0;
  const auto run = [&](StateStore& writer, const StateStore& reader, const std::string& user) {
    for (int i = 0; i < 500; ++i) {
      // Both record events of user "both", too.
      const std::string id = user + " " + std::to_string(i);
      const std::vector<v1::LogEntry> entries = {EventEntry(id, user, id, i),
                                                 EventEntry(id + " both", "both", id, i)};
      const absl::StatusOr<AppendResult> result = writer.Append(entries);
      UserState own, both;
      if (!result.ok() || result->recorded != 2 || !reader.Read(UserKey(user), own).ok() ||
          !reader.Read(UserKey("both"), both).ok()) {
        ++failed;
        continue;
      }
      const std::vector<std::string> shared = ItemsOf(both.history);
      if (own.history.size() != static_cast<size_t>(i + 1) ||
          std::find(shared.begin(), shared.end(), id) == shared.end())
        ++missed;
    }
  };
  {
    const std::jthread one([&] { run(*store_, *other, "one"); });
    const std::jthread two([&] { run(*other, *store_, "two"); });
  }
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(missed, 0);
  EXPECT_EQ(HistoryOf(*store_, UserKey("both")).size(), 1'000u);
  EXPECT_EQ(ReadLog(*store_).size(), 2'000u);
}

TEST_P(StateStoreContract, ThreadsThatAppendAtOnceRecordEachEventOnce) {
  std::atomic<size_t> recorded = 0, known = 0, failed = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 50; ++i) {
          // Every event comes from two threads.
          const std::string id = std::to_string(t / 2) + " " + std::to_string(i);
          const std::vector<v1::LogEntry> entries = {EventEntry(id, "42", id, i)};
          const absl::StatusOr<AppendResult> result = store_->Append(entries);
          if (!result.ok()) {
            ++failed;
            continue;
          }
          recorded += result->recorded;
          known += result->known;
        }
      });
  }
  EXPECT_EQ(failed, 0u);
  EXPECT_EQ(recorded, 200u);
  EXPECT_EQ(known, 200u);
  EXPECT_EQ(HistoryOf(*store_, UserKey("42")).size(), 200u);
  const std::vector<std::string> ids = EventIdsOf(*store_);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
}

TEST_P(StateStoreContract, VisitsTheChangesOfItemsThatStillCountInTheirOrder) {
  const auto other = Open();  // As another process has it.
  int64_t position = 0;
  EXPECT_THAT(ChangesAfter(*other, position), ElementsAre());
  const std::vector<v1::LogEntry> first = {ItemEntry("a", "A"), EventEntry("e", "u", "a", 1),
                                           HideEntry("a", 5), ItemEntry("b", "B"),
                                           ItemEntry("a", "A again")};
  ASSERT_TRUE(store_->Append(first).ok());
  EXPECT_THAT(ChangesAfter(*other, position), ElementsAre("a 5", "b B", "a A again"));
  EXPECT_THAT(ChangesAfter(*other, position), ElementsAre());
  ASSERT_TRUE(other->Append(std::vector<v1::LogEntry>{HideEntry("a", 0)}).ok());
  EXPECT_THAT(ChangesAfter(*store_, position), ElementsAre("a 0"));

  ASSERT_TRUE(store_->Rebuild().ok());
  position = 0;
  EXPECT_THAT(ChangesAfter(*other, position), ElementsAre("b B", "a A again", "a 0"));
  EXPECT_EQ(store_->VisitItemChanges(
                0, [](int64_t, const v1::ItemChange&) { return absl::AbortedError("enough"); }),
            absl::AbortedError("enough"));
}

TEST_P(StateStoreContract, KeepsTheContentThatItemsWereToldWithToTheLastBit) {
  v1::LogEntry entry = ItemEntry("a", "A");
  v1::ItemChange& change = *entry.mutable_item();
  v1::Attribute& genre = *change.mutable_upsert()->add_attributes();
  genre.set_name("genre");
  genre.add_values("Drama");
  for (int i = 0; i < 4'096; ++i)
    change.mutable_upsert()->add_vector(1.0F / static_cast<float>(1 + i));
  ASSERT_TRUE(store_->Append(std::vector<v1::LogEntry>{entry}).ok());
  auto expect_kept = [&](const StateStore& store) {
    std::vector<std::string> changes;
    ASSERT_TRUE(store
                    .VisitItemChanges(0,
                                      [&](int64_t, const v1::ItemChange& kept) {
                                        changes.push_back(kept.SerializeAsString());
                                        return absl::OkStatus();
                                      })
                    .ok());
    EXPECT_THAT(changes, ElementsAre(change.SerializeAsString()));
  };
  expect_kept(*Open());
  ASSERT_TRUE(store_->Rebuild().ok());
  expect_kept(*Open());
}

}  // namespace
}  // namespace shortlist
