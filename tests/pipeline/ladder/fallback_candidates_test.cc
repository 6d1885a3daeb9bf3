#include "pipeline/ladder/fallback_candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSubsetOf;

class FallbackCandidatesTest : public testing::Test {
 protected:
  FallbackCandidatesTest() { query_.candidate_count = 40; }

  CandidateList Popular(const SourceSettings& settings = kNoSourceSettings) {
    BoundQuery bound(query_, bundle_);
    bound.pinned_item_ids = pinned_;
    return PopularCandidates(bound, settings).value();
  }
  CandidateList Precomputed(const SourceSettings& settings = kNoSourceSettings) {
    BoundQuery bound(query_, bundle_);
    bound.pinned_item_ids = pinned_;
    return PrecomputedCandidates(bound, settings).value();
  }
  std::vector<std::string> IdsOf(const CandidateList& list) const {
    std::vector<std::string> ids;
    for (const Candidate& candidate : list.candidates)
      ids.emplace_back(bundle_->catalog.id(candidate.item));
    return ids;
  }
  // Users of the synthetic data have a gender.
  static SourceSettings Segments() {
    SourceSettings settings;
    settings.segment_attribute =
        SharedTestModels().bundle()->requests.users().fields().front().name;
    return settings;
  }
  void PutInSegment(size_t value) {
    const AttributeSchema::Field& field = bundle_->requests.users().fields().front();
    query_.user.attributes = {{field.name, {std::string(field.values[value])}}};
  }

  const std::shared_ptr<const Bundle> bundle_ = SharedTestModels().bundle();
  Query query_;
  std::vector<std::string> pinned_;
};

TEST_F(FallbackCandidatesTest, WithoutASegmentThoseThatAreMostPopularComeFirst) {
  const CandidateList list = Popular();
  ASSERT_EQ(list.candidates.size(), 40u);
  const std::span<const uint32_t> counts = bundle_->catalog.interaction_counts();
  for (size_t i = 1; i < list.candidates.size(); ++i)
    EXPECT_GE(counts[list.candidates[i - 1].item], counts[list.candidates[i].item]);
  EXPECT_EQ(list.level, ColdStartLevel::kContext);
  EXPECT_EQ(list.bundle, bundle_);
}

TEST_F(FallbackCandidatesTest, ThoseOfTheSegmentComeBeforeThoseOfEverybody) {
  PutInSegment(0);
  const CandidateList list = Popular(Segments());
  EXPECT_EQ(list.candidates.front().source, SourceId::kPopularInSegment);
  PutInSegment(1);
  EXPECT_NE(IdsOf(list), IdsOf(Popular(Segments())));
}

TEST_F(FallbackCandidatesTest, WhatMayNotComeBackDoesNot) {
  const std::vector<std::string> usual = IdsOf(Popular());
  query_.user.history = {{.item_id = usual[0]}};
  query_.excluded_item_ids = {usual[1]};
  query_.user.refused = {{.item_id = usual[2]}};
  query_.filter.all_of = {{.attribute = "genre", .any_value = {"Drama"}, .range = {}}};
  for (const CandidateList& list : {Popular(), Precomputed()})
    for (const std::string& id : IdsOf(list))
      EXPECT_TRUE(id != usual[0] && id != usual[1] && id != usual[2]) << id;
}

TEST_F(FallbackCandidatesTest, PinnedItemsAreAmongThem) {
  query_.candidate_count = query_.count = 5;
  pinned_ = {IdsOf(Precomputed()).back(), "nothing"};
  const std::string last = "i77";
  pinned_.push_back(last);
  EXPECT_THAT(IdsOf(Popular()), testing::Contains(last));
  EXPECT_EQ(Popular().candidates.size(), 5u);
  EXPECT_THAT(IdsOf(Precomputed()), testing::Contains(last));
}

TEST_F(FallbackCandidatesTest, OfGivenItemsThoseThatPass) {
  query_.candidate_item_ids = {"i20", "nothing", "i21", "i20", "i1"};
  query_.excluded_item_ids = {"i1"};
  EXPECT_THAT(IdsOf(Precomputed()), ElementsAre("i20", "i21"));
  EXPECT_THAT(IdsOf(Popular()), testing::UnorderedElementsAre("i20", "i21"));
  EXPECT_EQ(Popular().candidates[0].source, SourceId::kGiven);
}

TEST_F(FallbackCandidatesTest, ThePrecomputedListIsThatOfTheSegmentOrOfEverybody) {
  const std::vector<std::string> everybody = IdsOf(Precomputed());
  EXPECT_GE(everybody.size(), 100u);
  EXPECT_EQ(Precomputed().candidates[0].source, SourceId::kPopular);
  EXPECT_EQ(Precomputed(Segments()).candidates[0].source, SourceId::kPopular) << "of no segment";
  PutInSegment(0);
  EXPECT_EQ(IdsOf(Precomputed()), everybody) << "no attribute makes segments";
  const std::vector<std::string> segment = IdsOf(Precomputed(Segments()));
  EXPECT_NE(segment, everybody);
  PutInSegment(1);
  EXPECT_NE(IdsOf(Precomputed(Segments())), segment);
}

TEST_F(FallbackCandidatesTest, AFilterThatDoesNotFitIsRefused) {
  query_.filter.all_of = {{.attribute = "colour", .any_value = {"red"}, .range = {}}};
  BoundQuery bound(query_, bundle_);
  EXPECT_EQ(PopularCandidates(bound, kNoSourceSettings).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(PrecomputedCandidates(bound, kNoSourceSettings).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace shortlist
