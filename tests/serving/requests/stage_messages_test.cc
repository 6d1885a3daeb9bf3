#include "serving/requests/stage_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "model/live_bundle.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

const std::vector<Candidate> kCandidates = {{3, 0.5F, SourceId::kTwoTower},
                                            {9, 0.25F, SourceId::kPopular}};

class StageMessagesTest : public testing::Test {
 protected:
  const BundleRegistry bundles_{SharedTestModels().bundle()};
  Query query_;
  BoundQuery bound_{query_, SharedTestModels().bundle()};
};

TEST_F(StageMessagesTest, TheQuestionOfStageOneComesBackAsItWas) {
  query_.user = {.user_id = "u5", .attributes = {}, .history = {{.item_id = "i1"}}};
  query_.context.time_ms = 5;
  query_.count = 30;
  query_.candidate_count = 20;
  query_.filter.any_of = {{.attribute = "genre", .any_value = {"Drama"}, .range = {}}};
  query_.excluded_item_ids = {"i7"};
  query_.candidate_item_ids = {"i8", "i9"};
  query_.include_seen = true;
  v1::GenerateCandidatesRequest message;
  ToMessage(bound_, message);
  EXPECT_EQ(message.count(), 30);
  EXPECT_EQ(message.bundle_id(), bound_.bundle().id);
  const Query again = FromMessage(message);
  EXPECT_EQ(again.user, query_.user);
  EXPECT_EQ(again.context, query_.context);
  EXPECT_EQ(std::max(again.count, again.candidate_count), 30u);
  EXPECT_EQ(again.filter.any_of[0].any_value, query_.filter.any_of[0].any_value);
  EXPECT_EQ(again.excluded_item_ids, query_.excluded_item_ids);
  EXPECT_EQ(again.candidate_item_ids, query_.candidate_item_ids);
  EXPECT_TRUE(again.include_seen);
  EXPECT_EQ(FromMessage(v1::GenerateCandidatesRequest()).candidate_count, 500u);
}

TEST_F(StageMessagesTest, CandidatesComeBackAsTheyWere) {
  v1::GenerateCandidatesResponse message;
  ToMessage(CandidateList{bundles_.Current(), kCandidates, ColdStartLevel::kSession},
            /*include_item_ids=*/true, message);
  EXPECT_EQ(message.item_ids(1), bundles_.Current()->catalog.id(9));
  const CandidateList list = FromMessage(message, bundles_).value();
  EXPECT_EQ(list.bundle, bundles_.Current());
  EXPECT_EQ(list.level, ColdStartLevel::kSession);
  message.set_level(static_cast<v1::ColdStartLevel>(77));
  EXPECT_EQ(FromMessage(message, bundles_).status(),
            absl::InternalError("the candidates have no valid level"));
  ASSERT_EQ(list.candidates.size(), 2u);
  EXPECT_EQ(list.candidates[1].item, 9u);
  EXPECT_EQ(list.candidates[1].score, 0.25F);
  EXPECT_EQ(list.candidates[1].source, SourceId::kPopular);
}

// Two processes with the same changes, told in another order: their rows differ.
TEST_F(StageMessagesTest, ItemsThatCameAfterTrainingAreNamedById) {
  const auto state = [](const char* title) {
    return ItemState{.presence = ItemState::Presence::kUpserted, .title = title};
  };
  const ItemState first = state("First"), second = state("Second"), changed = state("Changed"),
                  deleted{.presence = ItemState::Presence::kDeleted};
  const auto apply = [](LiveBundle& live, const std::vector<LiveBundle::Item>& items) {
    return live.Apply(items, 0).value();
  };
  const auto here = LiveBundle::Make(SharedTestModels().bundle()).value();
  const auto there = LiveBundle::Make(SharedTestModels().bundle()).value();
  const auto bundle_here =
      apply(*here, {{"b", &second}, {"i9", &changed}, {"i5", &deleted}, {"a", &first}});
  const auto bundle_there = apply(*there, {{"a", &first}, {"b", &second}, {"c", &second}});
  const Catalog& catalog_there = bundle_there->catalog;
  const std::vector<Candidate> candidates = {
      {*catalog_there.FindItem("b"), 0.5F, SourceId::kTwoTower},
      {3, 0.4F, SourceId::kTwoTower},
      {5, 0.3F, SourceId::kTwoTower},
      {*catalog_there.FindItem("c"), 0.2F, SourceId::kTwoTower},
      {9, 0.1F, SourceId::kTwoTower},
      {*catalog_there.FindItem("a"), 0, SourceId::kPinned}};
  const BundleRegistry bundles(bundle_here);
  v1::GenerateCandidatesResponse message;
  ToMessage(CandidateList{bundle_there, candidates}, false, message);
  const CandidateList list = FromMessage(message, bundles).value();
  std::vector<std::string> ids;
  for (const Candidate& candidate : list.candidates)
    ids.emplace_back(bundle_here->catalog.id(candidate.item));
  // What is deleted, or not known yet, is left out.
  EXPECT_THAT(ids, testing::ElementsAre("b", "i3", "i9", "a"));
  EXPECT_EQ(bundle_here->catalog.title(list.candidates[2].item), "Changed");

  // Back again: there the item has no new row yet.
  const Query query;
  v1::RankRequest request;
  ToMessage(BoundQuery(query, bundle_here), list.candidates, request);
  const std::vector<Candidate> again = CandidatesOf(request, *bundle_there).value();
  ASSERT_EQ(again.size(), 4u);
  EXPECT_EQ(again[0].item, *catalog_there.FindItem("b"));
  EXPECT_EQ(again[2].item, 9u);

  // What stage two does not know yet, it cannot score.
  v1::RankRequest unknown;
  ToMessage(BoundQuery(query, bundle_there), candidates, unknown);
  EXPECT_EQ(CandidatesOf(unknown, *bundle_here).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(StageMessagesTest, CandidatesOfABundleThatIsNotLoadedAreRefused) {
  v1::GenerateCandidatesResponse message;
  ToMessage(CandidateList{OtherTestModels().bundle(), kCandidates}, false, message);
  const absl::Status status = FromMessage(message, bundles_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr(OtherTestModels().bundle()->id));
}

// What another process answers is not trusted to be well-formed.
TEST_F(StageMessagesTest, CandidatesThatDoNotFitTogetherAreRefused) {
  using Break = std::function<void(v1::GenerateCandidatesResponse&)>;
  for (const Break& break_answer :
       {Break([](auto& r) { r.mutable_scores()->RemoveLast(); }),
        Break([](auto& r) { r.mutable_sources()->RemoveLast(); }),
        Break([](auto& r) { r.set_item_rows(0, 120); }),
        Break([](auto& r) { r.set_scores(1, NAN); }),
        Break([](auto& r) { r.set_sources(1, v1::CANDIDATE_SOURCE_UNSPECIFIED); })}) {
    v1::GenerateCandidatesResponse message;
    ToMessage(CandidateList{bundles_.Current(), kCandidates}, false, message);
    break_answer(message);
    EXPECT_EQ(FromMessage(message, bundles_).status().code(), absl::StatusCode::kInternal);
  }
}

TEST_F(StageMessagesTest, TheQuestionOfStageTwoHasTheCandidatesInTheirOrder) {
  query_.user.user_id = "u5";
  v1::RankRequest message;
  ToMessage(bound_, kCandidates, message);
  EXPECT_EQ(message.bundle_id(), bound_.bundle().id);
  EXPECT_EQ(FromMessage(message).user, query_.user);
  const std::vector<Candidate> again = CandidatesOf(message, bound_.bundle()).value();
  ASSERT_EQ(again.size(), 2u);
  EXPECT_EQ(again[0].item, 3u);
  EXPECT_EQ(again[1].source, SourceId::kPopular);
  message.set_item_rows(1, 120);
  EXPECT_EQ(CandidatesOf(message, bound_.bundle()).status(),
            absl::InvalidArgumentError("item_rows[1]: 120 is beyond the bundle's 120 items"));
}

v1::RankResponse Ranked() {
  v1::RankResponse message;
  message.add_scores(1);
  message.add_scores(2);
  message.add_liked_scores(3);
  message.add_liked_scores(4);
  return message;
}

TEST_F(StageMessagesTest, ScoresComeBackAsTheyWere) {
  const Scores scores = FromMessage(Ranked(), 2, /*liked=*/true).value();
  EXPECT_THAT(scores.ranker, testing::ElementsAre(1, 2));
  EXPECT_THAT(scores.liked, testing::ElementsAre(3, 4));
}

TEST_F(StageMessagesTest, ScoresThatDoNotFitTheCandidatesAreRefused) {
  using Break = std::function<void(v1::RankResponse&)>;
  for (const Break& break_answer : {Break([](auto& r) { r.mutable_scores()->RemoveLast(); }),
                                    Break([](auto& r) { r.set_scores(1, NAN); }),
                                    Break([](auto& r) { r.mutable_liked_scores()->RemoveLast(); }),
                                    Break([](auto& r) { r.clear_liked_scores(); }),
                                    Break([](auto& r) { r.set_liked_scores(1, INFINITY); })}) {
    v1::RankResponse message = Ranked();
    break_answer(message);
    EXPECT_EQ(FromMessage(message, 2, /*liked=*/true).status().code(), absl::StatusCode::kInternal);
  }
}

TEST_F(StageMessagesTest, ExplanationsAreOfTheCandidatesThatWereAskedFor) {
  const std::vector<CandidateToExplain> wanted = {{.position = 1, .score = 2, .liked_score = 4.0F}};
  v1::RankRequest request;
  ToMessage(wanted, request);
  EXPECT_EQ(request.explain_candidates(0), 1u);
  EXPECT_EQ(request.explain_scores(0), 2);
  EXPECT_EQ(request.explain_liked_scores(0), 4);

  v1::RankResponse response;
  v1::Explanation& explanation = *response.add_explanations();
  explanation.set_candidate(1);
  explanation.add_contributions()->set_feature("bias");
  EXPECT_EQ(FromMessage(response, wanted).value()[0].contributions[0].feature, "bias");
  explanation.set_candidate(5000);
  EXPECT_EQ(FromMessage(response, wanted).status().code(), absl::StatusCode::kInternal);
  response.clear_explanations();
  EXPECT_EQ(FromMessage(response, wanted).status().code(), absl::StatusCode::kInternal);
}

TEST_F(StageMessagesTest, TheQuestionForSimilarItemsComesBackAsItWas) {
  v1::FindSimilarItemsRequest message;
  ToMessage(SimilarItemsQuery{.item_id = "i9", .count = 7, .filter = {}}, bound_.bundle(), message);
  EXPECT_EQ(message.bundle_id(), bound_.bundle().id);
  EXPECT_EQ(FromMessage(message).item_id, "i9");
  EXPECT_EQ(FromMessage(message).count, 7u);
  for (const Similarity by : {Similarity::kTaste, Similarity::kContent, Similarity::kBoth}) {
    ToMessage(SimilarItemsQuery{.item_id = "i9", .filter = {}, .by = by}, bound_.bundle(), message);
    EXPECT_EQ(FromMessage(message).by, by);
  }
  EXPECT_EQ(message.by(), v1::SIMILARITY_BOTH);
}

TEST_F(StageMessagesTest, NarrowedEffortIsPartOfTheQuestion) {
  v1::GenerateCandidatesRequest message;
  ToMessage(bound_, message);
  EXPECT_EQ(message.search_breadth(), 0) << "the default is not sent";
  bound_.effort = {.candidates = 0.5, .breadth = 0.25};
  ToMessage(bound_, message);
  EXPECT_EQ(message.count(), 250);
  EXPECT_EQ(message.search_breadth(), 0.25);
}

}  // namespace
}  // namespace shortlist
