#include "serving/recommender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/recommender_fixture.h"
#include "tests/support/scripted_event_log.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class FailingStateStore : public UserStateStore {
 public:
  explicit FailingStateStore(absl::Status status) : status_(std::move(status)) {}
  absl::StatusOr<bool> Read(std::string_view, absl::Time deadline, UserState&) const override {
    last_deadline = deadline;
    return status_;
  }
  mutable absl::Time last_deadline;

 private:
  const absl::Status status_;
};

TEST_F(RecommenderTest, AnswersTwentyItemsBestFirst) {
  const v1::RecommendResponse response = Recommend();
  ASSERT_EQ(response.items_size(), 20);
  for (int i = 0; i < response.items_size(); ++i) {
    const v1::RecommendedItem& item = response.items(i);
    const std::optional<ItemRow> row = models_.bundle()->catalog.FindItem(item.item_id());
    ASSERT_TRUE(row);
    EXPECT_EQ(item.title(), models_.bundle()->catalog.title(*row));
    EXPECT_EQ(item.probability(), models_.bundle()->ranker->Probability(item.score()));
    EXPECT_NE(item.source(), v1::CANDIDATE_SOURCE_UNSPECIFIED);
    EXPECT_THAT(item.contributions(), IsEmpty());
    if (i > 0) {
      EXPECT_LE(item.score(), response.items(i - 1).score());
    }
  }
}

TEST_F(RecommenderTest, SaysHowTheAnswerWasMade) {
  const v1::RecommendResponse response = Recommend();
  EXPECT_EQ(response.bundle_id(), models_.bundle()->id);
  EXPECT_EQ(response.rung(), v1::RUNG_FULL);
  EXPECT_EQ(response.candidates_ranked(), 120 - 24);
  EXPECT_EQ(response.request_id().size(), 32u);
  EXPECT_EQ(response.request_id().find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(response.request_id(), Recommend().request_id());
}

TEST_F(RecommenderTest, TheBestOfTheRankingAreTheAnswer) {
  const v1::RecommendResponse response = Recommend();
  // The oracle: everything ranked, sorted in another way.
  const Bundle& bundle = *models_.bundle();
  std::vector<float> scores(ranking_.last_candidates.size());
  bundle.ranker->Score(
      bundle.encoder->Encode(ranking_.last_query.user),
      bundle.encoder->Encode(ranking_.last_query.context, ranking_.last_query.user),
      ranking_.last_candidates, scores);
  std::multimap<float, ItemRow, std::greater<>> sorted;
  for (size_t i = 0; i < scores.size(); ++i)
    sorted.emplace(scores[i], ranking_.last_candidates[i].item);
  auto expected = sorted.begin();
  for (const v1::RecommendedItem& item : response.items()) {
    EXPECT_EQ(item.score(), expected->first);
    EXPECT_EQ(item.item_id(), models_.bundle()->catalog.id(expected->second));
    ++expected;
  }
}

TEST_F(RecommenderTest, ReturnsSeenItemsOnlyWhenAsked) {
  request_.set_count(200);
  const std::set<std::string> seen = HistoryOf("u5");
  ASSERT_EQ(seen.size(), 24u);
  for (const std::string& id : IdsOf(Recommend())) EXPECT_FALSE(seen.contains(id)) << id;
  request_.set_include_seen(true);
  EXPECT_EQ(Recommend().items_size(), 120);
}

TEST_F(RecommenderTest, LeavesOutExcludedItemsAndIgnoresUnknownOnes) {
  const std::vector<std::string> before = IdsOf(Recommend());
  request_.add_exclude_item_ids(before[0]);
  request_.add_exclude_item_ids(before[2]);
  request_.add_exclude_item_ids("nothing");
  const std::vector<std::string> after = IdsOf(Recommend());
  EXPECT_EQ(after.size(), 20u);
  EXPECT_THAT(after, ::testing::Not(::testing::Contains(before[0])));
  EXPECT_THAT(after, ::testing::Not(::testing::Contains(before[2])));
}

TEST_F(RecommenderTest, AnUnknownUserGetsWhatANewUserGets) {
  request_.set_user_id("nobody");
  const std::vector<std::string> unknown = IdsOf(Recommend());
  EXPECT_EQ(unknown.size(), 20u);
  EXPECT_EQ(candidates_.last_query.user.user_id, "nobody");
  request_.mutable_anonymous();
  EXPECT_EQ(IdsOf(Recommend()), unknown);
}

TEST_F(RecommenderTest, AnAnonymousUserGetsItemsLikeThoseItHasSeen) {
  // Items of genre 2; whoever likes one genre mostly takes items of it.
  request_.mutable_anonymous()->add_recent_item_ids("i2");
  request_.mutable_anonymous()->add_recent_item_ids("i6");
  request_.set_count(10);
  int of_the_genre = 0;
  for (const std::string& id : IdsOf(Recommend())) {
    EXPECT_NE(id, "i2");
    EXPECT_NE(id, "i6");
    if (std::stoi(id.substr(1)) % 4 == 2) ++of_the_genre;
  }
  EXPECT_GE(of_the_genre, 6);
}

TEST_F(RecommenderTest, UnknownItemsInTheHistoryChangeNothing) {
  request_.mutable_anonymous()->add_recent_item_ids("i2");
  const v1::RecommendResponse without = Recommend();
  request_.mutable_anonymous()->add_recent_item_ids("nothing");
  const v1::RecommendResponse with = Recommend();
  EXPECT_EQ(IdsOf(with), IdsOf(without));
  EXPECT_EQ(with.items(0).score(), without.items(0).score());
}

TEST_F(RecommenderTest, AFilterThatNothingPassesGivesNoItems) {
  v1::AttributeCondition* condition = request_.mutable_filter()->add_all_of();
  condition->set_attribute("genre");
  condition->mutable_any_value()->add_values("Opera");
  const v1::RecommendResponse response = Recommend();
  EXPECT_THAT(response.items(), IsEmpty());
  EXPECT_EQ(response.rung(), v1::RUNG_FULL);
  EXPECT_EQ(response.candidates_ranked(), 0);
}

TEST_F(RecommenderTest, CountBeyondTheCatalogGivesAllThatPass) {
  v1::AttributeCondition* condition = request_.mutable_filter()->add_all_of();
  condition->set_attribute("genre");
  condition->mutable_any_value()->add_values("Western");
  request_.mutable_anonymous();
  request_.set_count(200);
  EXPECT_EQ(Recommend().items_size(), 30);
}

TEST_F(RecommenderTest, RanksAsManyCandidatesAsAskedForButNoFewerThanItReturns) {
  request_.set_candidate_count(50);
  EXPECT_EQ(Recommend().candidates_ranked(), 50);
  request_.set_candidate_count(10);
  EXPECT_EQ(Recommend().candidates_ranked(), 20);
  EXPECT_EQ(Recommend().items_size(), 20);
}

// The given items are ranked as they would be if a filter let nothing else pass.
TEST_F(RecommenderTest, RanksGivenItemsAsAFilterThatOnlyTheyPassWould) {
  request_.set_count(200);
  request_.set_explain(true);
  v1::AttributeCondition* condition = request_.mutable_filter()->add_all_of();
  condition->set_attribute("genre");
  condition->mutable_any_value()->add_values("Drama");
  const v1::RecommendResponse filtered = Recommend();
  request_.clear_filter();
  for (int i = 117; i > 0; i -= 4) request_.add_candidate_item_ids("i" + std::to_string(i));
  request_.add_candidate_item_ids("i117");
  request_.add_candidate_item_ids("nothing");
  const v1::RecommendResponse given = Recommend();
  EXPECT_EQ(given.candidates_ranked(), filtered.candidates_ranked());
  EXPECT_EQ(IdsOf(given), IdsOf(filtered));
  for (int i = 0; i < given.items_size(); ++i) {
    EXPECT_EQ(given.items(i).score(), filtered.items(i).score());
    EXPECT_EQ(given.items(i).source(), v1::CANDIDATE_SOURCE_GIVEN);
  }
  EXPECT_THAT(given.unknown_item_ids(), ElementsAre("nothing"));
  EXPECT_THAT(filtered.unknown_item_ids(), IsEmpty());
}

// Features that do not say how stage one found the item are the same whoever brought it.
TEST_F(RecommenderTest, GivenItemsHaveTheFeaturesThatTheyHaveAmongAll) {
  request_.set_explain(true);
  const v1::RecommendResponse all = Recommend();
  for (const v1::RecommendedItem& item : all.items())
    request_.add_candidate_item_ids(item.item_id());
  const v1::RecommendResponse given = Recommend();
  auto parts_of = [](const v1::RecommendedItem& item) {
    std::map<std::string, double> parts;
    for (const v1::Contribution& part : item.contributions())
      if (part.feature() != "source" && part.feature() != "log_rank" && part.feature() != "bias")
        parts[part.feature() + " " + part.value()] = part.contribution();
    return parts;
  };
  std::map<std::string, std::map<std::string, double>> parts_among_all;
  for (const v1::RecommendedItem& item : all.items())
    parts_among_all[item.item_id()] = parts_of(item);
  ASSERT_EQ(given.items_size(), all.items_size());
  for (const v1::RecommendedItem& item : given.items())
    EXPECT_EQ(parts_of(item), parts_among_all[item.item_id()]) << item.item_id();
}

TEST_F(RecommenderTest, FilterExclusionsSeenAndPinsHoldForGivenItems) {
  const std::string seen = *HistoryOf("u5").begin();
  const std::vector<std::string> unseen = IdsOf(Recommend());
  for (int i = 0; i < 5; ++i) request_.add_candidate_item_ids(unseen[static_cast<size_t>(i)]);
  request_.add_candidate_item_ids(seen);
  request_.add_exclude_item_ids(unseen[0]);
  request_.mutable_re_ranking()->add_pinned()->set_item_id(unseen[4]);
  request_.mutable_re_ranking()->add_pinned()->set_item_id(unseen[9]);  // Not given.
  const std::vector<std::string> ids = IdsOf(Recommend());
  EXPECT_THAT(ids, ::testing::UnorderedElementsAre(unseen[1], unseen[2], unseen[3], unseen[4]));
  EXPECT_EQ(ids[0], unseen[4]);
  request_.set_include_seen(true);
  EXPECT_THAT(IdsOf(Recommend()), ::testing::Contains(seen));
}

TEST_F(RecommenderTest, PagesHaveEveryItemOnceThoughTheModelChangesBetweenThem) {
  request_.set_count(25);
  std::vector<std::string> shown;
  for (int page = 0; page < 4; ++page) {
    const v1::RecommendResponse response = Recommend();
    EXPECT_EQ(response.items_size(), page < 3 ? 25 : 21);  // 96 are not in the history.
    for (const std::string& id : IdsOf(response)) shown.push_back(id);
    EXPECT_EQ(response.next_page_token().empty(), page == 3);
    request_.set_page_token(response.next_page_token());
    if (page == 1) bundles_.Replace(OtherTestModels().bundle());
  }
  EXPECT_EQ(std::set<std::string>(shown.begin(), shown.end()).size(), 96u);
}

TEST_F(RecommenderTest, APageHasNoPinnedItemThatWasShownBefore) {
  const std::string pinned = IdsOf(Recommend())[7];
  config_.add_pinned()->set_item_id(pinned);
  const v1::RecommendResponse first = Recommend();
  EXPECT_EQ(first.items(0).item_id(), pinned);
  request_.set_page_token(first.next_page_token());
  EXPECT_THAT(IdsOf(Recommend()), ::testing::Not(::testing::Contains(pinned)));
}

TEST_F(RecommenderTest, RefusesTheTokenOfAnotherUser) {
  request_.set_page_token(Recommend().next_page_token());
  request_.set_user_id("u6");
  EXPECT_THAT(std::string(ErrorOfRecommend().message()),
              StartsWith("page_token: is of another request"));
}

TEST_F(RecommenderTest, ExplanationsSumToTheScoresOfTheirItems) {
  request_.set_explain(true);
  const v1::RecommendResponse response = Recommend();
  for (const v1::RecommendedItem& item : response.items()) {
    double sum = 0;
    bool has_bias = false;
    for (const v1::Contribution& contribution : item.contributions()) {
      sum += contribution.contribution();
      has_bias |= contribution.feature() == "bias";
    }
    EXPECT_TRUE(has_bias);
    EXPECT_EQ(static_cast<float>(sum), item.score());
  }
}

TEST_F(RecommenderTest, TheSameStateReachesBothStages) {
  Recommend();
  UserState state;
  ASSERT_TRUE(states_->Read(UserKey("u5"), state).value());
  EXPECT_EQ(candidates_.last_query.user, state);
  EXPECT_EQ(ranking_.last_query.user, state);
}

TEST_F(RecommenderTest, ARequestWithoutATimeIsMadeNow) {
  Recommend();
  EXPECT_EQ(candidates_.last_query.context.time_ms, 1'700'000'000'000);
  EXPECT_EQ(ranking_.last_query.context.time_ms, 1'700'000'000'000);
  request_.mutable_context()->set_time_ms(5);
  Recommend();
  EXPECT_EQ(ranking_.last_query.context.time_ms, 5);
}

TEST_F(RecommenderTest, TimesEveryStage) {
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    now_ += absl::Milliseconds(7);
    return LocalCandidateStage().Generate(query, budget);
  };
  ranking_.script = [&](BoundQuery& query, std::span<const Candidate> candidates, bool liked,
                        const Budget& budget) {
    now_ += absl::Milliseconds(3);
    return LocalRankingStage().Rank(query, candidates, liked, budget);
  };
  const v1::StageTimings timings = Recommend().timings();
  EXPECT_EQ(timings.state_us(), 0);
  EXPECT_EQ(timings.candidates_us(), 7'000);
  EXPECT_EQ(timings.ranking_us(), 3'000);
  EXPECT_EQ(timings.assembly_us(), 0);
  EXPECT_EQ(timings.total_us(), 10'000);
}

TEST_F(RecommenderTest, StopsWhenTheDeadlineHasPassed) {
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    now_ += absl::Milliseconds(50);
    return LocalCandidateStage().Generate(query, budget);
  };
  EXPECT_EQ(ErrorOfRecommend().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(ranking_.calls, 0);
}

TEST_F(RecommenderTest, TheStagesGetTheDeadlineOfTheRequest) {
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    EXPECT_EQ(budget.deadline(), kNow + absl::Milliseconds(50));
    EXPECT_EQ(query.shared_bundle(), models_.bundle());
    return LocalCandidateStage().Generate(query, budget);
  };
  ranking_.script = [&](BoundQuery& query, std::span<const Candidate> candidates, bool liked,
                        const Budget& budget) {
    EXPECT_EQ(budget.deadline(), kNow + absl::Milliseconds(50));
    EXPECT_EQ(query.shared_bundle(), models_.bundle());
    return LocalRankingStage().Rank(query, candidates, liked, budget);
  };
  Recommend();
}

TEST_F(RecommenderTest, KeepsItsBundleWhenItIsReplacedMeanwhile) {
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    bundles_.Replace(OtherTestModels().bundle());
    bundles_.Replace(OtherTestModels().bundle());
    return LocalCandidateStage().Generate(query, budget);
  };
  EXPECT_EQ(Recommend().bundle_id(), models_.bundle()->id);
}

TEST_F(RecommenderTest, ServesFromTheBundleThatTheCandidatesAreFrom) {
  bundles_.Replace(OtherTestModels().bundle());
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    EXPECT_EQ(query.shared_bundle(), OtherTestModels().bundle());
    BoundQuery of_another(query.query(), models_.bundle());
    return LocalCandidateStage().Generate(of_another, budget);
  };
  ranking_.script = [&](BoundQuery& query, std::span<const Candidate> candidates, bool liked,
                        const Budget& budget) {
    EXPECT_EQ(query.shared_bundle(), models_.bundle());
    return LocalRankingStage().Rank(query, candidates, liked, budget);
  };
  EXPECT_EQ(Recommend().bundle_id(), models_.bundle()->id);
}

TEST_F(RecommenderTest, PassesOnTheErrorsOfItsParts) {
  candidates_.script = [](BoundQuery&, const Budget&) {
    return absl::UnavailableError("retrieval service at a:1: gone");
  };
  EXPECT_EQ(ErrorOfRecommend(), absl::UnavailableError("retrieval service at a:1: gone"));
  candidates_.script = nullptr;
  ranking_.script = [](BoundQuery&, std::span<const Candidate>, bool, const Budget&) {
    return absl::FailedPreconditionError("bundle_id: not loaded");
  };
  EXPECT_EQ(ErrorOfRecommend(), absl::FailedPreconditionError("bundle_id: not loaded"));
  states_ = std::make_unique<FailingStateStore>(absl::DataLossError("state.db: is damaged"));
  EXPECT_EQ(ErrorOfRecommend(), absl::DataLossError("state.db: is damaged"));
}

TEST_F(RecommenderTest, WithoutTheStateStoreItAnswersAsForSomeoneUnknownAndSaysSo) {
  EXPECT_FALSE(Recommend().state_unavailable());
  request_.mutable_anonymous();
  const v1::RecommendResponse of_unknown = Recommend();
  EXPECT_FALSE(of_unknown.state_unavailable());
  for (const absl::Status& status :
       {absl::UnavailableError("state.db: is locked"), absl::DeadlineExceededError("no answer")}) {
    auto store = std::make_unique<FailingStateStore>(status);
    const FailingStateStore& failing = *store;
    states_ = std::move(store);
    request_.set_user_id("u5");
    const v1::RecommendResponse response = Recommend();
    EXPECT_TRUE(response.state_unavailable());
    EXPECT_EQ(IdsOf(response), IdsOf(of_unknown));
    // A model that knows the id is not to use it.
    EXPECT_EQ(candidates_.last_query.user, UserState());
    // Half of the time is left for the answer.
    EXPECT_EQ(failing.last_deadline, kNow + absl::Milliseconds(25));
    request_.set_session_id("s5");
    EXPECT_TRUE(Recommend().state_unavailable());
  }
}

TEST_F(RecommenderTest, AnAnswerWithoutTheStateIsNotRecorded) {
  // It may be to someone who was forgotten.
  MakeRecommender();
  ScriptedEventLog log;
  const FailingStateStore away(absl::UnavailableError("is away"));
  for (const UserStateStore* states : {static_cast<const UserStateStore*>(&away),
                                       static_cast<const UserStateStore*>(states_.get())}) {
    EXPECT_TRUE(log.entries().empty());
    ServedAnswerRecorder answers(log);
    const Recommender recommender(
        {.bundles = &bundles_, .states = states, .pipeline = &*pipeline_, .answers = &answers},
        clock_);
    v1::RecommendResponse response;
    EXPECT_TRUE(
        recommender.Recommend(request_, Budget(clock_, kNow + absl::Milliseconds(50)), response)
            .ok());
  }
  EXPECT_EQ(log.entries().size(), 1u);
}

TEST_F(RecommenderTest, NamesTheFieldOfAnUnknownAttribute) {
  request_.mutable_anonymous()->add_attributes()->set_name("shoe size");
  EXPECT_THAT(std::string(ErrorOfRecommend().message()),
              StartsWith("anonymous.attributes[0].name: unknown user attribute"));
  request_.set_user_id("u5");
  v1::AttributeCondition* condition = request_.mutable_filter()->add_any_of();
  condition->set_attribute("colour");
  condition->mutable_any_value()->add_values("red");
  EXPECT_THAT(std::string(ErrorOfRecommend().message()),
              StartsWith("filter.any_of[0].attribute: unknown item attribute"));
}

TEST_F(RecommenderTest, ChecksTheRequestBeforeAnythingElse) {
  request_.set_count(0);
  EXPECT_EQ(ErrorOfRecommend(), absl::InvalidArgumentError("count: must be 1 to 200, is 0"));
  EXPECT_EQ(ranking_.calls, 0);
}

// A state store of a test's own, with what was recorded in it.
class RecommenderOfRecordedTest : public RecommenderTest {
 protected:
  RecommenderOfRecordedTest() {
    auto store = SqliteStateStore::OpenOrCreate(folder_ / "state.db", StateProjection());
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = store->get();
    states_ = *std::move(store);
  }

  // What a user or, without one, the session "s" did.
  void Record(const std::string& user_id, const std::string& item_id, v1::EventType type) {
    v1::LogEntry entry;
    v1::Event& event = *entry.mutable_event();
    event.set_event_id(std::to_string(++events_));
    if (user_id.empty()) event.set_session_id("s");
    if (!user_id.empty()) event.set_user_id(user_id);
    event.set_item_id(item_id);
    event.set_time_ms(events_);
    event.set_type(type);
    EXPECT_TRUE(store_->Append({&entry, 1}).ok());
  }

  TemporaryFolder folder_;
  StateStore* store_ = nullptr;
  int events_ = 0;
};

TEST_F(RecommenderOfRecordedTest, WhatASessionDidCountsLikeWhatAnAnonymousCallerTells) {
  request_.mutable_anonymous()->add_recent_item_ids("i2");
  request_.mutable_anonymous()->add_recent_item_ids("i6");
  const std::vector<std::string> told = IdsOf(Recommend());
  Record("", "i2", v1::EVENT_TYPE_CLICK);
  Record("", "i6", v1::EVENT_TYPE_VIEW);
  request_.set_session_id("s");
  EXPECT_EQ(IdsOf(Recommend()).size(), told.size());
  const UserState& user = ranking_.last_query.user;
  EXPECT_EQ(user.user_id, "");
  EXPECT_EQ(user.history, (std::vector<Interaction>{{"i2", 1, 0}, {"i6", 2, 0}}));
  // A user of that id is somebody else.
  request_.set_user_id("s");
  Recommend();
  EXPECT_THAT(ranking_.last_query.user.history, IsEmpty());
}

TEST_F(RecommenderOfRecordedTest, ASessionOfWhichNothingIsKnownGetsWhatANewUserGets) {
  request_.mutable_anonymous();
  const std::vector<std::string> expected = IdsOf(Recommend());
  request_.set_session_id("nobody");
  EXPECT_EQ(IdsOf(Recommend()), expected);
}

TEST_F(RecommenderOfRecordedTest, WhatWasRefusedDoesNotComeBackEvenWithWhatWasSeen) {
  request_.set_include_seen(true);
  const std::vector<std::string> before = IdsOf(Recommend());
  Record("u5", before[0], v1::EVENT_TYPE_DISLIKE);
  EXPECT_THAT(IdsOf(Recommend()), ::testing::Not(::testing::Contains(before[0])));
  Record("u5", before[0], v1::EVENT_TYPE_LIKE);
  request_.add_candidate_item_ids(before[0]);
  EXPECT_THAT(IdsOf(Recommend()), ElementsAre(before[0]));
}

TEST_F(RecommenderOfRecordedTest, AUserWhoIsForgottenGetsWhatANewUserGets) {
  const auto scores = [&] {
    std::vector<float> scores;
    const v1::RecommendResponse response = Recommend();
    for (const v1::RecommendedItem& item : response.items()) scores.push_back(item.score());
    return scores;
  };
  request_.mutable_anonymous();
  const std::vector<float> expected = scores();
  request_.set_user_id("u5");
  Record("u5", "i2", v1::EVENT_TYPE_CLICK);
  EXPECT_NE(scores(), expected);
  ASSERT_TRUE(store_->Forget("u5").ok());
  EXPECT_EQ(scores(), expected);
}

// Holds one user, of whom much too much is known.
class CrowdedStateStore : public UserStateStore {
 public:
  absl::StatusOr<bool> Read(std::string_view, absl::Time, UserState& state) const override {
    for (int i = 0; i < 10'000; ++i) {
      NamedAttribute& attribute = state.attributes.emplace_back();
      attribute.name = i == 0 ? "gender" : "attribute " + std::to_string(i);
      for (int v = 0; v < (i == 0 ? 10'000 : 1); ++v)
        attribute.values.push_back(v == 0 ? "F" : std::to_string(v));
    }
    return true;
  }
};

TEST_F(RecommenderTest, AUserWithTenThousandAttributesIsServedWithTheFirstOnes) {
  states_ = std::make_unique<CrowdedStateStore>();
  const v1::RecommendResponse crowded = Recommend();
  EXPECT_EQ(ranking_.last_query.user.attributes.size(), 64u);
  EXPECT_EQ(ranking_.last_query.user.attributes[0].values.size(), 256u);
  // The rest says nothing to this model.
  candidates_.script = [&](BoundQuery& query, const Budget& budget) {
    Query plain = query.query();
    plain.user.attributes = {{.name = "gender", .values = {"F"}}};
    BoundQuery bound(plain, query.shared_bundle());
    return LocalCandidateStage().Generate(bound, budget);
  };
  EXPECT_EQ(IdsOf(Recommend()), IdsOf(crowded));
}

TEST_F(RecommenderTest, AValueNeverSeenInTrainingHasNoEffect) {
  request_.mutable_anonymous()->add_recent_item_ids("i2");
  const v1::RecommendResponse without = Recommend();
  v1::Attribute& attribute = *request_.mutable_anonymous()->add_attributes();
  attribute.set_name("gender");
  attribute.add_values("never seen");
  (*request_.mutable_context()->mutable_extra())["weather"] = "rain";
  const v1::RecommendResponse with = Recommend();
  EXPECT_EQ(IdsOf(with), IdsOf(without));
  EXPECT_EQ(with.items(0).score(), without.items(0).score());
}

}  // namespace
}  // namespace shortlist
