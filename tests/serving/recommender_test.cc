#include "serving/recommender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "serving/local_candidate_stage.h"
#include "serving/local_ranking_stage.h"
#include "serving/requests/request_validation.h"
#include "state/sqlite/sqlite_user_state_store.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

// Stages that do what the test says, by default what the real ones do.
class ScriptedCandidateStage : public CandidateStage {
 public:
  std::function<absl::Status(const v1::GenerateCandidatesRequest&, const StageCall&,
                             v1::GenerateCandidatesResponse&)>
      script;
  mutable v1::GenerateCandidatesRequest last_request;

  absl::Status Generate(const v1::GenerateCandidatesRequest& request, const StageCall& call,
                        v1::GenerateCandidatesResponse& response) const override {
    last_request = request;
    return script ? script(request, call, response)
                  : LocalCandidateStage().Generate(request, call, response);
  }
};

class ScriptedRankingStage : public RankingStage {
 public:
  std::function<absl::Status(const v1::RankRequest&, const StageCall&, v1::RankResponse&)> script;
  mutable int calls = 0;
  mutable v1::RankRequest last_request;

  absl::Status Rank(const v1::RankRequest& request, const StageCall& call,
                    v1::RankResponse& response) const override {
    ++calls;
    last_request = request;
    return script ? script(request, call, response)
                  : LocalRankingStage().Rank(request, call, response);
  }
};

class FailingStateStore : public UserStateStore {
 public:
  absl::StatusOr<bool> Read(std::string_view, UserState&) const override {
    return absl::UnavailableError("state.db: is locked");
  }
  absl::Status WriteBatch(std::span<const UserState>) override { return absl::OkStatus(); }
};

class RecommenderTest : public ::testing::Test {
 protected:
  RecommenderTest() : models_(SharedTestModels()), bundles_(models_.bundle()) {
    auto states = SqliteUserStateStore::Open(models_.state_db());
    EXPECT_TRUE(states.ok()) << states.status();
    states_ = *std::move(states);
    request_.set_user_id("u5");
  }

  Recommender MakeRecommender() const {
    return Recommender({.bundles = &bundles_,
                        .states = states_.get(),
                        .candidates = &candidates_,
                        .ranking = &ranking_,
                        .re_ranking = &configured_.emplace(config_),
                        .clock = [this] { return now_; }});
  }

  absl::Status TryRecommend(v1::RecommendResponse& response) const {
    return MakeRecommender().Recommend(request_, kNow + absl::Milliseconds(50), response);
  }
  absl::Status ErrorOfRecommend() const {
    v1::RecommendResponse response;
    return TryRecommend(response);
  }
  v1::RecommendResponse Recommend() const {
    v1::RecommendResponse response;
    const absl::Status status = TryRecommend(response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  std::set<std::string> HistoryOf(const std::string& user_id) const {
    std::set<std::string> ids;
    v1::UserState state;
    EXPECT_TRUE(states_->Read(user_id, state).ok());
    for (const v1::Interaction& interaction : state.history()) ids.insert(interaction.item_id());
    return ids;
  }

  static std::vector<std::string> IdsOf(const v1::RecommendResponse& response) {
    std::vector<std::string> ids;
    for (const v1::RecommendedItem& item : response.items()) ids.push_back(item.item_id());
    return ids;
  }

  const TestModels& models_;
  BundleRegistry bundles_;
  std::unique_ptr<UserStateStore> states_;
  ScriptedCandidateStage candidates_;
  ScriptedRankingStage ranking_;
  v1::ReRanking config_;
  mutable std::optional<ConfiguredReRanking> configured_;  // Of the latest recommender.
  mutable absl::Time now_ = kNow;
  v1::RecommendRequest request_;
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
  v1::RankResponse all;
  ASSERT_TRUE(LocalRankingStage()
                  .Rank(ranking_.last_request,
                        {.bundle = models_.bundle(), .deadline = absl::InfiniteFuture()}, all)
                  .ok());
  std::multimap<float, ItemRow, std::greater<>> sorted;
  for (int i = 0; i < all.scores_size(); ++i)
    sorted.emplace(all.scores(i), ranking_.last_request.item_rows(i));
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
  EXPECT_EQ(candidates_.last_request.user().user_id(), "nobody");
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
  v1::UserState state;
  ASSERT_TRUE(states_->Read("u5", state).value());
  EXPECT_EQ(candidates_.last_request.user().SerializeAsString(), state.SerializeAsString());
  EXPECT_EQ(ranking_.last_request.user().SerializeAsString(), state.SerializeAsString());
}

TEST_F(RecommenderTest, ARequestWithoutATimeIsMadeNow) {
  Recommend();
  EXPECT_EQ(candidates_.last_request.context().time_ms(), 1'700'000'000'000);
  EXPECT_EQ(ranking_.last_request.context().time_ms(), 1'700'000'000'000);
  request_.mutable_context()->set_time_ms(5);
  Recommend();
  EXPECT_EQ(ranking_.last_request.context().time_ms(), 5);
}

TEST_F(RecommenderTest, TimesEveryStage) {
  candidates_.script = [&](const auto& request, const auto& call, auto& response) {
    now_ += absl::Milliseconds(7);
    return LocalCandidateStage().Generate(request, call, response);
  };
  ranking_.script = [&](const auto& request, const auto& call, auto& response) {
    now_ += absl::Milliseconds(3);
    return LocalRankingStage().Rank(request, call, response);
  };
  const v1::StageTimings timings = Recommend().timings();
  EXPECT_EQ(timings.state_us(), 0);
  EXPECT_EQ(timings.candidates_us(), 7'000);
  EXPECT_EQ(timings.ranking_us(), 3'000);
  EXPECT_EQ(timings.assembly_us(), 0);
  EXPECT_EQ(timings.total_us(), 10'000);
}

TEST_F(RecommenderTest, StopsWhenTheDeadlineHasPassed) {
  candidates_.script = [&](const auto& request, const auto& call, auto& response) {
    now_ += absl::Milliseconds(50);
    return LocalCandidateStage().Generate(request, call, response);
  };
  EXPECT_EQ(ErrorOfRecommend(),
            absl::DeadlineExceededError("the deadline passed after generating candidates"));
  EXPECT_EQ(ranking_.calls, 0);
  // The deadline passed before the request got its turn.
  EXPECT_EQ(ErrorOfRecommend(), absl::DeadlineExceededError("the deadline passed after waiting"));
}

TEST_F(RecommenderTest, TheStagesGetTheDeadlineOfTheRequest) {
  candidates_.script = [&](const auto& request, const auto& call, auto& response) {
    EXPECT_EQ(call.deadline, kNow + absl::Milliseconds(50));
    EXPECT_EQ(call.bundle, models_.bundle());
    return LocalCandidateStage().Generate(request, call, response);
  };
  ranking_.script = [&](const auto& request, const auto& call, auto& response) {
    EXPECT_EQ(call.deadline, kNow + absl::Milliseconds(50));
    EXPECT_EQ(call.bundle, models_.bundle());
    return LocalRankingStage().Rank(request, call, response);
  };
  Recommend();
}

TEST_F(RecommenderTest, KeepsItsBundleWhenItIsReplacedMeanwhile) {
  candidates_.script = [&](const auto& request, const auto& call, auto& response) {
    bundles_.Replace(OtherTestModels().bundle());
    bundles_.Replace(OtherTestModels().bundle());
    return LocalCandidateStage().Generate(request, call, response);
  };
  EXPECT_EQ(Recommend().bundle_id(), models_.bundle()->id);
}

TEST_F(RecommenderTest, ServesFromTheBundleThatTheCandidatesAreFrom) {
  bundles_.Replace(OtherTestModels().bundle());
  candidates_.script = [&](const auto& request, const auto& call, auto& response) {
    EXPECT_EQ(call.bundle, OtherTestModels().bundle());
    return LocalCandidateStage().Generate(
        request, {.bundle = models_.bundle(), .deadline = call.deadline}, response);
  };
  ranking_.script = [&](const auto& request, const auto& call, auto& response) {
    EXPECT_EQ(request.bundle_id(), models_.bundle()->id);
    EXPECT_EQ(call.bundle, models_.bundle());
    return LocalRankingStage().Rank(request, call, response);
  };
  EXPECT_EQ(Recommend().bundle_id(), models_.bundle()->id);
}

TEST_F(RecommenderTest, RefusesCandidatesOfABundleThatItDoesNotHave) {
  candidates_.script = [&](const auto& request, const auto& call, auto& response) {
    return LocalCandidateStage().Generate(
        request, {.bundle = OtherTestModels().bundle(), .deadline = call.deadline}, response);
  };
  const absl::Status status = ErrorOfRecommend();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr(OtherTestModels().bundle()->id));
  EXPECT_EQ(ranking_.calls, 0);
}

TEST_F(RecommenderTest, RefusesAnswersOfStagesThatDoNotFitTogether) {
  using Break = std::function<void(v1::GenerateCandidatesResponse&)>;
  for (const Break& break_answer :
       {Break([](auto& r) { r.mutable_scores()->RemoveLast(); }),
        Break([](auto& r) { r.mutable_sources()->RemoveLast(); }),
        Break([](auto& r) { r.set_item_rows(0, 120); }),
        Break([](auto& r) { r.set_scores(1, NAN); }),
        Break([](auto& r) { r.set_sources(1, v1::CANDIDATE_SOURCE_UNSPECIFIED); })}) {
    candidates_.script = [&](const auto& request, const auto& call, auto& response) {
      const absl::Status status = LocalCandidateStage().Generate(request, call, response);
      break_answer(response);
      return status;
    };
    EXPECT_EQ(ErrorOfRecommend().code(), absl::StatusCode::kInternal);
  }
  candidates_.script = nullptr;
  request_.set_explain(true);
  using BreakRanking = std::function<void(v1::RankResponse&)>;
  for (const BreakRanking& break_answer :
       {BreakRanking([](auto& r) { r.mutable_scores()->RemoveLast(); }),
        BreakRanking([](auto& r) { r.mutable_probabilities()->RemoveLast(); }),
        BreakRanking([](auto& r) { r.set_scores(1, NAN); }),
        BreakRanking([](auto& r) { r.set_probabilities(1, NAN); }),
        BreakRanking([](auto& r) { r.mutable_explanations(0)->set_candidate(5000); })}) {
    ranking_.script = [&](const auto& request, const auto& call, auto& response) {
      const absl::Status status = LocalRankingStage().Rank(request, call, response);
      break_answer(response);
      return status;
    };
    EXPECT_EQ(ErrorOfRecommend().code(), absl::StatusCode::kInternal);
  }
}

TEST_F(RecommenderTest, PassesOnTheErrorsOfItsParts) {
  candidates_.script = [](const auto&, const auto&, auto&) {
    return absl::UnavailableError("retrieval service at a:1: gone");
  };
  EXPECT_EQ(ErrorOfRecommend(), absl::UnavailableError("retrieval service at a:1: gone"));
  candidates_.script = nullptr;
  ranking_.script = [](const auto&, const auto&, auto&) {
    return absl::FailedPreconditionError("bundle_id: not loaded");
  };
  EXPECT_EQ(ErrorOfRecommend(), absl::FailedPreconditionError("bundle_id: not loaded"));
  states_ = std::make_unique<FailingStateStore>();
  EXPECT_EQ(ErrorOfRecommend(), absl::UnavailableError("state.db: is locked"));
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

// Holds one user, of whom much too much is known.
class CrowdedStateStore : public UserStateStore {
 public:
  absl::StatusOr<bool> Read(std::string_view user_id, UserState& state) const override {
    state.user_id = user_id;
    for (int i = 0; i < 10'000; ++i) {
      NamedAttribute& attribute = state.attributes.emplace_back();
      attribute.name = i == 0 ? "gender" : "attribute " + std::to_string(i);
      for (int v = 0; v < (i == 0 ? 10'000 : 1); ++v)
        attribute.values.push_back(v == 0 ? "F" : std::to_string(v));
    }
    return true;
  }
  absl::Status WriteBatch(std::span<const UserState>) override { return absl::OkStatus(); }
};

TEST_F(RecommenderTest, AUserWithTenThousandAttributesIsServedWithTheFirstOnes) {
  states_ = std::make_unique<CrowdedStateStore>();
  const v1::RecommendResponse crowded = Recommend();
  EXPECT_TRUE(Validate(ranking_.last_request).ok()) << Validate(ranking_.last_request);
  EXPECT_EQ(ranking_.last_request.user().attributes_size(), 64);
  // The rest says nothing to this model.
  candidates_.script = [&](const auto& request, const auto& call, auto& response) {
    v1::GenerateCandidatesRequest plain = request;
    plain.mutable_user()->mutable_attributes()->DeleteSubrange(1, 63);
    plain.mutable_user()->mutable_attributes(0)->clear_values();
    plain.mutable_user()->mutable_attributes(0)->add_values("F");
    return LocalCandidateStage().Generate(plain, {.bundle = call.bundle, .deadline = call.deadline},
                                          response);
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

class RecommenderReRankingTest : public RecommenderTest {
 protected:
  v1::ReRanking& rules() { return *request_.mutable_re_ranking(); }
  // Items of the test bundle have one genre each.
  static std::string GenreOf(const std::string& id) {
    return std::to_string(std::stoi(id.substr(1)) % 4);
  }
  static std::map<std::string, int> GenresOf(const v1::RecommendResponse& response) {
    std::map<std::string, int> genres;
    for (const std::string& id : IdsOf(response)) ++genres[GenreOf(id)];
    return genres;
  }
};

TEST_F(RecommenderReRankingTest, WithoutRulesNothingIsSaidOfIt) {
  rules().set_diversity(0);
  const v1::RecommendResponse response = Recommend();
  for (const v1::RecommendedItem& item : response.items()) {
    EXPECT_EQ(item.place_by_score(), 0);
    EXPECT_THAT(item.moved_by(), IsEmpty());
  }
  EXPECT_EQ(ranking_.calls, 1);
}

TEST_F(RecommenderReRankingTest, AtMostSoManyOfAGenreAreShownAndTheRuleIsNamed) {
  request_.set_count(8);
  EXPECT_GE(GenresOf(Recommend())["1"], 5);  // What user 5 likes.
  v1::AttributeLimit& limit = *rules().add_limits();
  limit.set_attribute("genre");
  limit.set_max_items(2);
  const v1::RecommendResponse response = Recommend();
  EXPECT_EQ(response.items_size(), 8);
  for (const auto& [genre, count] : GenresOf(response)) EXPECT_EQ(count, 2) << genre;
  for (int i = 0; i < response.items_size(); ++i) {
    const v1::RecommendedItem& item = response.items(i);
    if (item.place_by_score() == i + 1) continue;
    EXPECT_THAT(item.moved_by(), ElementsAre("at most 2 per genre")) << item.ShortDebugString();
  }
  EXPECT_GT(response.items(7).place_by_score(), 8);
}

TEST_F(RecommenderReRankingTest, RulesOfTheConfigurationHoldForEveryRequest) {
  config_.set_diversity(0.7F);
  v1::AttributeLimit& limit = *config_.add_limits();
  limit.set_attribute("genre");
  limit.set_max_items(6);
  const v1::RecommendResponse configured = Recommend();
  EXPECT_LE(GenresOf(configured)["1"], 6);
  // The request's diversity replaces it; its limits are added.
  rules().set_diversity(0);
  const v1::RecommendResponse by_score = Recommend();
  EXPECT_NE(IdsOf(by_score), IdsOf(configured));
  EXPECT_LE(GenresOf(by_score)["1"], 6);
  *rules().add_limits() = limit;
  rules().mutable_limits(0)->set_max_items(5);
  EXPECT_EQ(GenresOf(Recommend())["1"], 5);
}

TEST_F(RecommenderReRankingTest, RulesOfTheConfigurationFollowTheBundle) {
  const std::shared_ptr<const Bundle> next = OtherTestModels().bundle();
  ASSERT_NE(next->catalog.FindItem("i9"), models_.bundle()->catalog.FindItem("nothing"));
  v1::Boost& boost = *config_.add_boosts();
  boost.add_item_ids("i9");
  boost.set_log_odds(20);
  request_.set_include_seen(true);
  const Recommender recommender = MakeRecommender();
  for (int i = 0; i < 3; ++i) {
    v1::RecommendResponse response;
    ASSERT_TRUE(recommender.Recommend(request_, kNow + absl::Milliseconds(50), response).ok());
    EXPECT_EQ(response.bundle_id(), bundles_.Current()->id);
    EXPECT_EQ(response.items(0).item_id(), "i9");
    if (i == 1) bundles_.Replace(next);
  }
}

TEST_F(RecommenderReRankingTest, AConfigurationThatTheBundleDoesNotFitIsNotTheCallersFault) {
  config_.add_limits()->set_attribute("colour");
  config_.mutable_limits(0)->set_max_items(1);
  const absl::Status status = ErrorOfRecommend();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("re_ranking.limits[0].attribute: unknown"));
}

TEST_F(RecommenderReRankingTest, APinnedItemThatNoSourceFindsIsThereAllTheSame) {
  request_.set_candidate_count(30);
  Recommend();
  std::set<int> found(ranking_.last_request.item_rows().begin(),
                      ranking_.last_request.item_rows().end());
  const std::set<std::string> seen = HistoryOf("u5");
  std::string id;
  for (int row = 0; row < 120 && id.empty(); ++row)
    if (const std::string candidate = "i" + std::to_string(row);
        !found.contains(row) && !seen.contains(candidate))
      id = candidate;
  v1::PinnedItem& pinned = *rules().add_pinned();
  pinned.set_item_id(id);
  pinned.set_place(3);
  rules().add_pinned()->set_item_id("nothing");
  const v1::RecommendResponse response = Recommend();
  EXPECT_EQ(response.items_size(), 20);
  EXPECT_EQ(response.candidates_ranked(), 30);
  EXPECT_EQ(response.items(2).item_id(), id);
  EXPECT_EQ(response.items(2).source(), v1::CANDIDATE_SOURCE_PINNED);
  EXPECT_THAT(response.items(2).moved_by(), ElementsAre("pinned"));
}

TEST_F(RecommenderReRankingTest, APinDoesNotBringBackWhatTheRequestLeavesOut) {
  const std::string seen = *HistoryOf("u5").begin();
  rules().add_pinned()->set_item_id(seen);
  rules().add_pinned()->set_item_id("i7");
  request_.add_exclude_item_ids("i7");
  const std::vector<std::string> ids = IdsOf(Recommend());
  EXPECT_THAT(ids, ::testing::Not(::testing::Contains(seen)));
  EXPECT_THAT(ids, ::testing::Not(::testing::Contains("i7")));
}

TEST_F(RecommenderReRankingTest, BoostsAreNamedAndLeaveTheScoreAlone) {
  const v1::RecommendResponse before = Recommend();
  v1::Boost& boost = *rules().add_boosts();
  boost.set_name("westerns this week");
  v1::AttributeCondition& condition = *boost.mutable_filter()->add_all_of();
  condition.set_attribute("genre");
  condition.mutable_any_value()->add_values("Western");
  boost.set_log_odds(10);
  const v1::RecommendResponse response = Recommend();
  EXPECT_EQ(GenresOf(response)["3"], 20);
  EXPECT_THAT(response.items(0).moved_by(), ElementsAre("westerns this week"));
  for (const v1::RecommendedItem& a : response.items())
    for (const v1::RecommendedItem& b : before.items()) {
      if (a.item_id() != b.item_id()) continue;
      EXPECT_EQ(a.score(), b.score());
      EXPECT_EQ(a.probability(), b.probability());
    }
  boost.clear_filter();
  boost.add_item_ids(before.items(19).item_id());
  EXPECT_EQ(Recommend().items(0).item_id(), before.items(19).item_id());
}

TEST_F(RecommenderReRankingTest, ExplainsTheItemsThatAreShown) {
  rules().set_diversity(0.9F);
  request_.set_explain(true);
  const v1::RecommendResponse response = Recommend();
  for (const v1::RecommendedItem& item : response.items()) {
    double sum = 0;
    for (const v1::Contribution& contribution : item.contributions())
      sum += contribution.contribution();
    EXPECT_FALSE(item.contributions().empty());
    EXPECT_EQ(static_cast<float>(sum), item.score());
  }
}

TEST_F(RecommenderReRankingTest, NamesTheFieldThatTheCatalogDoesNotHave) {
  rules().add_limits()->set_attribute("colour");
  rules().mutable_limits(0)->set_max_items(1);
  EXPECT_THAT(std::string(ErrorOfRecommend().message()),
              StartsWith("re_ranking.limits[0].attribute: unknown item attribute \"colour\""));
  rules().clear_limits();
  v1::AttributeCondition& condition = *rules().add_boosts()->mutable_filter()->add_any_of();
  condition.set_attribute("colour");
  condition.mutable_any_value()->add_values("red");
  EXPECT_THAT(std::string(ErrorOfRecommend().message()),
              StartsWith("re_ranking.boosts[0].filter.any_of[0].attribute: unknown item"));
}

// The shared bundle has a head for liked items, which likes newer ones.
class RecommenderValueTest : public RecommenderReRankingTest {
 protected:
  v1::ValueFunction& value() { return *rules().mutable_value_function(); }
  static double ValueOf(const v1::RecommendedItem& item, double interaction, double liked) {
    return double{item.probability()} * (interaction + liked * double{item.liked_probability()});
  }
};

TEST_F(RecommenderValueTest, ByDefaultTheAnswerIsThatWithoutOneToTheBit) {
  const v1::RecommendResponse without = Recommend();
  value().set_interaction_worth(7);
  const v1::RecommendResponse with = Recommend();
  ASSERT_EQ(with.items_size(), without.items_size());
  for (int i = 0; i < with.items_size(); ++i) {
    EXPECT_EQ(with.items(i).SerializeAsString(), without.items(i).SerializeAsString());
    EXPECT_FALSE(with.items(i).has_liked_score());
    EXPECT_FALSE(with.items(i).has_liked_probability());
  }
  EXPECT_FALSE(ranking_.last_request.score_liked());
}

TEST_F(RecommenderValueTest, ItemsAreInTheOrderOfTheirValueComputedByHand) {
  request_.set_count(200);
  value().set_liked_worth(0.001F);  // So that every item says how likely it is to be liked.
  const v1::RecommendResponse by_score = Recommend();
  std::vector<std::pair<double, std::string>> expected;
  for (const v1::RecommendedItem& item : by_score.items())
    expected.emplace_back(-ValueOf(item, 2, 50), item.item_id());
  std::sort(expected.begin(), expected.end());
  value().set_interaction_worth(2);
  value().set_liked_worth(50);
  const v1::RecommendResponse response = Recommend();
  ASSERT_EQ(response.items_size(), static_cast<int>(expected.size()));
  for (int i = 0; i < response.items_size(); ++i) {
    EXPECT_EQ(response.items(i).item_id(), expected[static_cast<size_t>(i)].second) << i;
    EXPECT_EQ(response.items(i).place_by_score(), 0);
    EXPECT_EQ(response.items(i).liked_probability(),
              models_.bundle()->liked_head->Probability(response.items(i).liked_score()));
    EXPECT_EQ(response.items(i).probability(),
              models_.bundle()->ranker->Probability(response.items(i).score()));
  }
  EXPECT_NE(IdsOf(response), IdsOf(by_score));
}

TEST_F(RecommenderValueTest, TheRequestsReplacesThatOfTheConfiguration) {
  const std::vector<std::string> by_score = IdsOf(Recommend());
  config_.mutable_value_function()->set_liked_worth(50);
  const std::vector<std::string> by_value = IdsOf(Recommend());
  EXPECT_NE(by_value, by_score);
  value();
  EXPECT_EQ(IdsOf(Recommend()), by_score);
  config_.Clear();
  value().set_liked_worth(50);
  EXPECT_EQ(IdsOf(Recommend()), by_value);
}

TEST_F(RecommenderValueTest, ExplanationsOfBothHeadsSumToTheirScores) {
  request_.set_explain(true);
  value().set_liked_worth(50);
  for (const float diversity : {0.0F, 0.5F}) {
    rules().set_diversity(diversity);
    const v1::RecommendResponse response = Recommend();
    for (const v1::RecommendedItem& item : response.items()) {
      double sum = 0, liked_sum = 0;
      for (const v1::Contribution& part : item.contributions()) sum += part.contribution();
      for (const v1::Contribution& part : item.liked_contributions())
        liked_sum += part.contribution();
      EXPECT_FALSE(item.liked_contributions().empty());
      EXPECT_EQ(static_cast<float>(sum), item.score());
      EXPECT_EQ(static_cast<float>(liked_sum), item.liked_score());
    }
  }
}

TEST_F(RecommenderValueTest, BoostsAddToItsLogarithmAndDiversityWeighsIt) {
  request_.set_count(200);
  value().set_liked_worth(50);
  const v1::RecommendResponse by_value = Recommend();
  v1::Boost& boost = *rules().add_boosts();
  v1::AttributeCondition& condition = *boost.mutable_filter()->add_all_of();
  condition.set_attribute("genre");
  condition.mutable_any_value()->add_values("Western");
  boost.set_log_odds(1);
  double previous = INFINITY;
  const v1::RecommendResponse boosted = Recommend();
  for (const v1::RecommendedItem& item : boosted.items()) {
    const double value =
        ValueOf(item, 1, 50) * (GenreOf(item.item_id()) == "3" ? std::exp(1.0) : 1.0);
    EXPECT_LE(value, previous * (1 + 1e-5));
    previous = value;
  }
  EXPECT_NE(IdsOf(boosted), IdsOf(by_value));
  for (const v1::RecommendedItem& item : boosted.items())
    EXPECT_EQ(item.item_id(), by_value.items(item.place_by_score() - 1).item_id());
  // Next to no diversity: what it weighs is in the order of the value.
  rules().set_diversity(1e-6F);
  auto first = [](const v1::RecommendResponse& response) {
    std::vector<std::string> ids = IdsOf(response);
    ids.resize(10);
    return ids;
  };
  EXPECT_NE(first(boosted), first(by_value));
  EXPECT_EQ(first(Recommend()), first(boosted));
  rules().clear_boosts();
  EXPECT_EQ(first(Recommend()), first(by_value));
}

TEST_F(RecommenderValueTest, WithoutTheHeadItIsRefusedNamingTheField) {
  bundles_.Replace(OtherTestModels().bundle());
  value().set_liked_worth(1);
  const absl::Status requested = ErrorOfRecommend();
  EXPECT_EQ(requested.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(requested.message()),
              StartsWith("re_ranking.value_function.liked_worth: the bundle has no head"));
  EXPECT_EQ(ranking_.calls, 0);
  request_.clear_re_ranking();
  config_.mutable_value_function()->set_liked_worth(1);
  const absl::Status configured = ErrorOfRecommend();
  EXPECT_EQ(configured.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(configured.message()),
              HasSubstr("re_ranking.value_function.liked_worth: the bundle has no head"));
  value();  // A request that does without it is served.
  EXPECT_EQ(Recommend().items_size(), 20);
}

TEST_F(RecommenderValueTest, RefusesScoresOfLikingThatDoNotFit) {
  value().set_liked_worth(1);
  using Break = std::function<void(v1::RankResponse&)>;
  for (const Break& break_answer : {Break([](auto& r) { r.mutable_liked_scores()->RemoveLast(); }),
                                    Break([](auto& r) { r.clear_liked_probabilities(); }),
                                    Break([](auto& r) { r.set_liked_scores(1, NAN); }),
                                    Break([](auto& r) { r.set_liked_probabilities(1, 1.5F); })}) {
    ranking_.script = [&](const auto& request, const auto& call, auto& response) {
      const absl::Status status = LocalRankingStage().Rank(request, call, response);
      break_answer(response);
      return status;
    };
    EXPECT_EQ(ErrorOfRecommend().code(), absl::StatusCode::kInternal);
  }
}

class SimilarItemsTest : public RecommenderTest {
 protected:
  v1::SimilarItemsResponse Similar(const v1::SimilarItemsRequest& request) const {
    v1::SimilarItemsResponse response;
    const absl::Status status = MakeRecommender().SimilarItems(request, response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }
};

TEST_F(SimilarItemsTest, AreTheNearestByEmbeddingWithoutTheItemItself) {
  v1::SimilarItemsRequest request;
  request.set_item_id("i9");
  const v1::SimilarItemsResponse response = Similar(request);
  ASSERT_EQ(response.items_size(), 20);
  EXPECT_EQ(response.bundle_id(), models_.bundle()->id);
  const Bundle& bundle = *models_.bundle();
  const std::span<const float> item = bundle.towers.item_embedding(*bundle.catalog.FindItem("i9"));
  for (int i = 0; i < response.items_size(); ++i) {
    const v1::SimilarItem& similar = response.items(i);
    EXPECT_NE(similar.item_id(), "i9");
    const ItemRow row = *bundle.catalog.FindItem(similar.item_id());
    EXPECT_EQ(similar.title(), bundle.catalog.title(row));
    float cosine = 0;
    for (size_t d = 0; d < item.size(); ++d)
      cosine += item[d] * bundle.towers.item_embedding(row)[d];
    EXPECT_NEAR(similar.similarity(), cosine, 1e-5);
    if (i > 0) {
      EXPECT_LE(similar.similarity(), response.items(i - 1).similarity());
    }
  }
}

TEST_F(SimilarItemsTest, PassTheFilterAndAreAtMostAsManyAsThereAre) {
  v1::SimilarItemsRequest request;
  request.set_item_id("i9");
  request.set_count(200);
  EXPECT_EQ(Similar(request).items_size(), 119);
  v1::AttributeCondition* condition = request.mutable_filter()->add_all_of();
  condition->set_attribute("genre");
  condition->mutable_any_value()->add_values("Drama");  // The item's own.
  EXPECT_EQ(Similar(request).items_size(), 29);
}

TEST_F(SimilarItemsTest, OfAnUnknownItemAreNotFound) {
  v1::SimilarItemsRequest request;
  request.set_item_id("nothing");
  v1::SimilarItemsResponse response;
  EXPECT_EQ(MakeRecommender().SimilarItems(request, response),
            absl::NotFoundError("item_id: the catalog has no item \"nothing\""));
}

}  // namespace
}  // namespace shortlist
