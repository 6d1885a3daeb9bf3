#include "pipeline/local_candidate_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
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
