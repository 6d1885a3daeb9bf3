#include "pipeline/local_candidate_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "model/live_bundle.h"
#include "tests/support/test_models.h"
#include "tests/support/unlimited_budget.h"

namespace shortlist {
namespace {

Query QueryWithHistory() {
  Query query;
  query.user.user_id = "u5";
  for (const char* id : {"i1", "i5", "i9"}) query.user.history.push_back({.item_id = id});
  return query;
}

CandidateList Generate(const Query& query) {
  BoundQuery bound(query, SharedTestModels().bundle());
  auto list = LocalCandidateStage().Generate(bound, UnlimitedBudget());
  EXPECT_TRUE(list.ok()) << list.status();
  return *std::move(list);
}

std::set<std::string> IdsOf(const CandidateList& list) {
  std::set<std::string> ids;
  for (const Candidate& candidate : list.candidates)
    ids.emplace(list.bundle->catalog.id(candidate.item));
  return ids;
}

TEST(LocalCandidateStage, AnswersAsManyAsAskedForNoneTwiceWithTheirBundle) {
  Query query = QueryWithHistory();
  query.candidate_count = 30;
  const CandidateList list = Generate(query);
  EXPECT_EQ(list.bundle, SharedTestModels().bundle());
  EXPECT_EQ(list.candidates.size(), 30u);
  EXPECT_EQ(IdsOf(list).size(), 30u);
  query.count = 40;  // Never fewer than are to be shown.
  EXPECT_EQ(Generate(query).candidates.size(), 40u);
}

TEST(LocalCandidateStage, LeavesOutSeenAndExcludedItems) {
  Query query = QueryWithHistory();
  query.excluded_item_ids = {"i20", "nothing"};
  query.candidate_count = 5'000;
  const std::set<std::string> ids = IdsOf(Generate(query));
  EXPECT_EQ(ids.size(), 116u);
  for (const char* id : {"i1", "i5", "i9", "i20"}) EXPECT_FALSE(ids.contains(id)) << id;
  query.include_seen = true;
  EXPECT_EQ(Generate(query).candidates.size(), 119u);
}

TEST(LocalCandidateStage, HasPinnedItemsAmongTheCandidates) {
  Query query = QueryWithHistory();
  query.candidate_count = 10;
  query.count = 10;
  BoundQuery bound(query, SharedTestModels().bundle());
  const std::set<std::string> found = IdsOf(Generate(query));
  for (int i = 0; i < 120; ++i)
    if (const std::string id = absl::StrCat("i", i); !found.contains(id)) {
      bound.pinned_item_ids = {id};
      if (i != 1 && i != 5 && i != 9) break;
    }
  const CandidateList list = *LocalCandidateStage().Generate(bound, UnlimitedBudget());
  EXPECT_EQ(list.candidates.size(), 10u);
  EXPECT_TRUE(IdsOf(list).contains(bound.pinned_item_ids[0]));
  EXPECT_EQ(list.candidates.back().source, SourceId::kPinned);
}

TEST(LocalCandidateStage, OfGivenItemsThoseThatPassAreTheCandidatesAndNothingElse) {
  Query query = QueryWithHistory();
  query.candidate_item_ids = {"i20", "i1", "i21", "nothing", "i20", "i22"};
  query.excluded_item_ids = {"i22"};
  query.candidate_count = query.count = 1;  // Does not cut them.
  BoundQuery bound(query, SharedTestModels().bundle());
  bound.pinned_item_ids = {"i40"};
  EXPECT_EQ(IdsOf(*LocalCandidateStage().Generate(bound, UnlimitedBudget())),
            (std::set<std::string>{"i20", "i21"}));
  query.include_seen = true;
  EXPECT_EQ(IdsOf(Generate(query)), (std::set<std::string>{"i1", "i20", "i21"}));
  query.candidate_item_ids = {"nothing"};
  EXPECT_TRUE(Generate(query).candidates.empty());
}

TEST(LocalCandidateStage, FindsTheNearestItemsWithoutTheItemItself) {
  const CandidateList similar = *LocalCandidateStage().FindSimilar(
      {.item_id = "i9", .count = 5, .filter = {}}, SharedTestModels().bundle(), UnlimitedBudget());
  ASSERT_EQ(similar.candidates.size(), 5u);
  EXPECT_FALSE(IdsOf(similar).contains("i9"));
  for (size_t i = 1; i < 5; ++i)
    EXPECT_LE(similar.candidates[i].score, similar.candidates[i - 1].score);
}

TEST(LocalCandidateStage, OfAnUnknownItemNothingIsFound) {
  EXPECT_EQ(LocalCandidateStage()
                .FindSimilar({.item_id = "nothing", .filter = {}}, SharedTestModels().bundle(),
                             UnlimitedBudget())
                .status(),
            absl::NotFoundError("item_id: the catalog has no item \"nothing\""));
}

CandidateList Similar(const SimilarItemsQuery& query, std::shared_ptr<const Bundle> bundle) {
  auto similar = LocalCandidateStage().FindSimilar(query, bundle, UnlimitedBudget());
  EXPECT_TRUE(similar.ok()) << similar.status();
  return *std::move(similar);
}

// The bundle of vectors, after it was told of an item.
std::shared_ptr<const Bundle> ToldOf(const std::string& id, ItemState state) {
  state.presence = ItemState::Presence::kUpserted;
  const LiveBundle::Item item{id, &state};
  return *(*LiveBundle::Make(VectorTestModels().bundle()))->Apply({&item, 1}, 0);
}

TEST(LocalCandidateStage, ByContentItemsAreAlikeWhoseVectorsPointTheSameWay) {
  const Bundle& bundle = *VectorTestModels().bundle();
  const CandidateList similar =
      Similar({.item_id = "i9", .count = 200, .filter = {}, .by = Similarity::kContent},
              VectorTestModels().bundle());
  const ItemRow asked = *bundle.catalog.FindItem("i9");
  EXPECT_EQ(similar.candidates.size(), 118u);  // All but itself and the one without a vector.
  EXPECT_FALSE(IdsOf(similar).contains("i9"));
  EXPECT_FALSE(IdsOf(similar).contains("i119"));
  for (size_t i = 0; i < similar.candidates.size(); ++i) {
    const Candidate& candidate = similar.candidates[i];
    if (i < 20) {
      EXPECT_EQ(bundle.catalog.codes(candidate.item)[0], bundle.catalog.codes(asked)[0]);
    }
    if (i > 0) {
      EXPECT_LE(candidate.score, similar.candidates[i - 1].score);
    }
  }
  // What a filter leaves of them.
  const CandidateList drama =
      Similar({.item_id = "i8",
               .count = 200,
               .filter = {.all_of = {{.attribute = "genre", .any_value = {"Drama"}}}},
               .by = Similarity::kContent},
              VectorTestModels().bundle());
  EXPECT_EQ(drama.candidates.size(), 30u);
}

TEST(LocalCandidateStage, ByContentAnItemWithoutAVectorIsLikeNone) {
  for (const auto& [id, models] :
       {std::pair("i119", &VectorTestModels()), std::pair("i9", &SharedTestModels())}) {
    const absl::Status status =
        LocalCandidateStage()
            .FindSimilar({.item_id = id, .filter = {}, .by = Similarity::kContent},
                         models->bundle(), UnlimitedBudget())
            .status();
    EXPECT_EQ(status, absl::NotFoundError(absl::StrCat(
                          "item_id: item \"", id,
                          "\" brought no vector along, by which others could be like it")));
  }
}

TEST(LocalCandidateStage, ByContentItemsThatCameLaterAreFoundAndHiddenOnesAreNot) {
  const std::vector<float> comedy = {1, 0, 0, 0, 0, 0};
  auto bundle = ToldOf("new", {.vector = comedy});
  const SimilarItemsQuery query{
      .item_id = "new", .count = 200, .filter = {}, .by = Similarity::kContent};
  EXPECT_EQ(IdsOf(Similar(query, bundle)).size(), 119u);
  SimilarItemsQuery of_another = query;
  of_another.item_id = "i4";
  EXPECT_TRUE(IdsOf(Similar(of_another, bundle)).contains("new"));
  of_another.by = Similarity::kBoth;
  EXPECT_TRUE(IdsOf(Similar(of_another, bundle)).contains("new"));
  bundle = ToldOf("new", {.vector = comedy, .hidden_until_ms = 10});
  EXPECT_FALSE(IdsOf(Similar(of_another, bundle)).contains("new"));
  of_another.by = Similarity::kContent;
  EXPECT_FALSE(IdsOf(Similar(of_another, bundle)).contains("new"));
}

TEST(LocalCandidateStage, ByBothThePlacesInTheTwoListsAreFused) {
  const auto& bundle = VectorTestModels().bundle();
  SimilarItemsQuery query{.item_id = "i9", .count = 200, .filter = {}};
  const CandidateList taste = Similar(query, bundle);
  query.by = Similarity::kContent;
  const CandidateList content = Similar(query, bundle);
  query.by = Similarity::kBoth;
  const CandidateList both = Similar(query, bundle);
  EXPECT_EQ(IdsOf(both), IdsOf(taste));  // Which has the one without a vector, too.
  auto share = [](const CandidateList& list, ItemRow row) {
    const auto found = std::ranges::find(list.candidates, row, &Candidate::item);
    return found == list.candidates.end()
               ? 0.0
               : 61.0 / 2 / (61.0 + static_cast<double>(found - list.candidates.begin()));
  };
  for (const Candidate& candidate : both.candidates)
    EXPECT_NEAR(candidate.score, share(taste, candidate.item) + share(content, candidate.item),
                1e-5);
  // Fewer are the first of more.
  query.count = 7;
  const CandidateList fewer = Similar(query, bundle);
  ASSERT_EQ(fewer.candidates.size(), 7u);
  for (size_t i = 0; i < 7; ++i) EXPECT_EQ(fewer.candidates[i].item, both.candidates[i].item);
}

TEST(LocalCandidateStage, ByBothOneOfTheTwoIsEnough) {
  const auto& bundle = VectorTestModels().bundle();
  SimilarItemsQuery query{.item_id = "i119", .count = 5, .filter = {}};
  const CandidateList taste = Similar(query, bundle);
  query.by = Similarity::kBoth;
  const CandidateList both = Similar(query, bundle);
  ASSERT_EQ(both.candidates.size(), 5u);
  for (size_t i = 0; i < 5; ++i) EXPECT_EQ(both.candidates[i].item, taste.candidates[i].item);
  query.item_id = "bare";
  EXPECT_TRUE(Similar(query, ToldOf("bare", {})).candidates.empty());
}

TEST(LocalCandidateStage, SaysHowMuchIsKnownOfTheUser) {
  Query query = QueryWithHistory();
  EXPECT_EQ(Generate(query).level, ColdStartLevel::kKnownUser);
  query.user.is_forgotten = true;
  EXPECT_EQ(Generate(query).level, ColdStartLevel::kSession);
  query.user.is_forgotten = false;
  query.user.user_id = "somebody new";
  EXPECT_EQ(Generate(query).level, ColdStartLevel::kHistory);
  query.candidate_item_ids = {"i20"};
  EXPECT_EQ(Generate(query).level, ColdStartLevel::kHistory);
  query.user.user_id = "";
  EXPECT_EQ(Generate(query).level, ColdStartLevel::kSession);
  query.user.history = {{.item_id = "not in the catalog"}};
  EXPECT_EQ(Generate(query).level, ColdStartLevel::kContext);
  query.user.attributes = {{"gender", {"F"}}};
  EXPECT_EQ(Generate(query).level, ColdStartLevel::kAttributes);
}

TEST(LocalCandidateStage, MixesSourcesAsTheLevelHasIt) {
  const LocalCandidateStage stage(
      {.mixes = {{ColdStartLevel::kAttributes,
                  {{SourceId::kPopularInSegment, 0.5}, {SourceId::kNewest, 0.5}}}},
       .sources = {.newest_attribute = "year", .segment_attribute = "gender"}});
  const std::shared_ptr<const Bundle>& bundle = SharedTestModels().bundle();
  EXPECT_EQ(stage.Check(*bundle), absl::OkStatus());
  Query query;
  query.candidate_count = 20;
  query.user.attributes = {{"gender", {"F"}}};
  BoundQuery bound(query, bundle);
  const CandidateList list = stage.Generate(bound, UnlimitedBudget()).value();
  const auto count = [&](SourceId source) {
    return std::count_if(list.candidates.begin(), list.candidates.end(),
                         [&](const Candidate& candidate) { return candidate.source == source; });
  };
  EXPECT_EQ(count(SourceId::kPopularInSegment), 10);
  EXPECT_EQ(count(SourceId::kNewest), 10);
  // Another level has its usual sources.
  query.user.attributes.clear();
  BoundQuery unknown(query, bundle);
  const CandidateList usual = stage.Generate(unknown, UnlimitedBudget()).value();
  for (const Candidate& candidate : usual.candidates)
    EXPECT_THAT(candidate.source, testing::AnyOf(SourceId::kPopular, SourceId::kTwoTower));
}

TEST(LocalCandidateStage, NamesTheSettingThatTheBundleDoesNotFit) {
  const Bundle& bundle = *SharedTestModels().bundle();
  const auto error = [&](const SourceSettings& sources) {
    const absl::Status status =
        LocalCandidateStage({.mixes = {}, .sources = sources}).Check(bundle);
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    return std::string(status.message());
  };
  EXPECT_THAT(error({.newest_attribute = "genre"}),
              testing::HasSubstr("candidates.newest_attribute: items have no numeric attribute "
                                 "\"genre\"; their attributes are genre, year"));
  EXPECT_THAT(
      error({.segment_attribute = "age"}),
      testing::HasSubstr(
          "candidates.segment_attribute: users have no attribute \"age\"; theirs are gender"));
}

}  // namespace
}  // namespace shortlist
