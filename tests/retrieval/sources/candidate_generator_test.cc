#include "retrieval/sources/candidate_generator.h"

#include <algorithm>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/vector_kernels.h"
#include "tests/support/toy_bundle.h"

namespace shortlist {
namespace {

constexpr uint32_t kItems = 5000;

class CandidateGeneratorTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { bundle_ = new ToyBundle(kItems); }
  static void TearDownTestSuite() { delete bundle_; }

  static size_t CountOf(const std::vector<Candidate>& candidates, SourceId source) {
    return static_cast<size_t>(
        std::count_if(candidates.begin(), candidates.end(),
                      [&](const Candidate& candidate) { return candidate.source == source; }));
  }

  static ToyBundle* bundle_;
  CandidateGenerator generator_{bundle_->towers, *bundle_->index, bundle_->parts()};
};
ToyBundle* CandidateGeneratorTest::bundle_ = nullptr;

TEST_F(CandidateGeneratorTest, ReturnsExactlyKDistinctPassingItemsBestFirst) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<ItemRow> history(random() % 30);
    for (ItemRow& item : history) item = static_cast<ItemRow>(random() % kItems);
    EncodedUser user = ToyBundle::UserWith(history);
    ItemFilter filter;
    if (round % 2 == 0) {
      Roaring allowed;
      uint64_t share = uint64_t{1} << random() % 12;
      for (uint32_t row = 0; row < kItems; ++row)
        if (random() % share == 0) allowed.add(row);
      filter = ItemFilter(allowed);
    }
    filter.Exclude(history);
    size_t k = random() % 600;

    std::vector<Candidate> candidates = generator_.Generate(user, {}, filter, k);
    ASSERT_EQ(candidates.size(), std::min<size_t>(k, filter.PassingCount(kItems)));
    std::vector<float> vector = bundle_->towers.UserVector(user, {});
    std::set<ItemRow> seen;
    for (size_t i = 0; i < candidates.size(); ++i) {
      const Candidate& candidate = candidates[i];
      ASSERT_TRUE(seen.insert(candidate.item).second) << "twice";
      ASSERT_TRUE(filter.Passes(candidate.item));
      ASSERT_EQ(candidate.score,
                DotProduct(vector.data(), bundle_->towers.item_embedding(candidate.item).data(),
                           ToyBundle::kDim));
      ASSERT_GE(candidates[i == 0 ? 0 : i - 1].score, candidate.score);
    }
  }
}

TEST_F(CandidateGeneratorTest, ReservesPlacesForSimilarAndPopularItems) {
  // The neighbours of twenty items far apart: 200 candidates of the second source.
  std::vector<ItemRow> history;
  for (ItemRow item = 0; item < 20; ++item) history.push_back(item * 200);
  std::vector<Candidate> candidates =
      generator_.Generate(ToyBundle::UserWith(history), {}, {}, 500);
  EXPECT_EQ(CountOf(candidates, SourceId::kTwoTower), 375);
  EXPECT_EQ(CountOf(candidates, SourceId::kSimilarToRecent), 100);
  EXPECT_EQ(CountOf(candidates, SourceId::kPopular), 25);
}

TEST_F(CandidateGeneratorTest, FillsPlacesThatSimilarItemsLeaveWithTheTowers) {
  std::vector<Candidate> candidates = generator_.Generate(ToyBundle::UserWith({17}), {}, {}, 500);
  EXPECT_LE(CountOf(candidates, SourceId::kSimilarToRecent), 10);
  EXPECT_GE(CountOf(candidates, SourceId::kTwoTower), 465);
}

TEST_F(CandidateGeneratorTest, KeepsTheNearestItemsWhateverTheOtherSourcesName) {
  EncodedUser user = ToyBundle::UserWith({1, 2, 3});
  std::vector<float> vector = bundle_->towers.UserVector(user, {});
  std::vector<Candidate> candidates = generator_.Generate(user, {}, {}, 100);
  for (const ScoredItem& nearest : bundle_->index->Search(vector, {}, 75)) {
    EXPECT_TRUE(std::any_of(candidates.begin(), candidates.end(),
                            [&](const Candidate& c) { return c.item == nearest.item; }));
  }
}

TEST_F(CandidateGeneratorTest, GivesAnUnknownUserPopularItemsFirst) {
  std::vector<Candidate> candidates = generator_.Generate({}, {}, {}, 100);
  EXPECT_EQ(CountOf(candidates, SourceId::kPopular), 50);
  EXPECT_EQ(CountOf(candidates, SourceId::kTwoTower), 50);
  EncodedUser known;
  known.history = {{.item = 1, .time_ms = 0, .value = 0}};
  EXPECT_EQ(CountOf(generator_.Generate(known, {}, {}, 100), SourceId::kPopular), 5);
}

TEST_F(CandidateGeneratorTest, AsksNoOtherSourceWhenTheIndexFindsAllThatPasses) {
  Roaring allowed;
  for (ItemRow row = 1; row <= 50; ++row) allowed.add(row);
  std::vector<Candidate> candidates =
      generator_.Generate(ToyBundle::UserWith({1}), {}, ItemFilter(allowed), 100);
  EXPECT_EQ(CountOf(candidates, SourceId::kTwoTower), 50);
}

TEST_F(CandidateGeneratorTest, PinnedItemsThatPassAreThereWhateverTheirScore) {
  const EncodedUser user = ToyBundle::UserWith({1, 2, 3});
  const std::vector<Candidate> all = generator_.Generate(user, {}, {}, kItems - 1);
  const ItemRow missing = all[3000].item, far = all[kItems - 2].item, excluded = all[2000].item;
  ItemFilter filter;
  filter.Exclude({&excluded, 1});
  const std::vector<Candidate> without = generator_.Generate(user, {}, filter, 100);
  const ItemRow found = without[99].item;  // Would have lost its place to the others.
  const std::vector<Candidate> candidates = generator_.Generate(
      user, {}, filter, 100, std::vector<ItemRow>{missing, excluded, found, far, missing});
  ASSERT_EQ(candidates.size(), 100);
  EXPECT_EQ(CountOf(candidates, SourceId::kPinned), 2);
  EXPECT_EQ(candidates[97].item, found);
  EXPECT_EQ(candidates[98].item, missing);
  EXPECT_EQ(candidates[99].item, far);
  EXPECT_EQ(candidates[98].score, all[3000].score);
  for (size_t i = 0; i < 97; ++i) EXPECT_EQ(candidates[i].item, without[i].item);
  EXPECT_EQ(generator_.Generate(user, {}, {}, 1, std::vector<ItemRow>{far, missing})[0].item, far);
}

TEST_F(CandidateGeneratorTest, ScoresGivenItemsAsASearchAmongThemWould) {
  const EncodedUser user = ToyBundle::UserWith({1, 2, 3});
  std::vector<ItemRow> given = {4999, 7, 2000, 7, 3, 123, 4999};
  const ItemRow excluded = 123;
  ItemFilter filter;
  filter.Exclude({&excluded, 1});
  const std::vector<Candidate> scored = generator_.Score(user, {}, filter, given);

  Roaring allowed(given.size(), given.data());
  ItemFilter among_them(allowed);
  among_them.Exclude({&excluded, 1});
  const std::vector<Candidate> found = generator_.Generate(user, {}, among_them, 100);
  ASSERT_EQ(scored.size(), 4);
  ASSERT_EQ(found.size(), 4);
  for (size_t i = 0; i < scored.size(); ++i) {
    EXPECT_EQ(scored[i].item, found[i].item);
    EXPECT_EQ(scored[i].score, found[i].score);
    EXPECT_EQ(scored[i].source, SourceId::kGiven);
  }
  EXPECT_TRUE(generator_.Score(user, {}, {}, {}).empty());
}

TEST_F(CandidateGeneratorTest, GivesASinglePlaceToTheNearestItem) {
  EncodedUser user = ToyBundle::UserWith({1, 2, 3});
  std::vector<Candidate> candidates = generator_.Generate(user, {}, {}, 1);
  ASSERT_EQ(candidates.size(), 1);
  EXPECT_EQ(candidates[0].source, SourceId::kTwoTower);
}

TEST_F(CandidateGeneratorTest, LessBreadthFindsAsManyAndFewerOfTheNearest) {
  std::mt19937_64 random(3);
  size_t same = 0, all = 0;
  for (int round = 0; round < 20; ++round) {
    const EncodedUser user = ToyBundle::UserWith({static_cast<ItemRow>(random() % kItems)});
    const std::vector<Candidate> full = generator_.Generate(user, {}, {}, 300);
    const std::vector<Candidate> narrow =
        generator_.Generate(user, {}, {}, 300, {}, {.breadth = 0.1});
    ASSERT_EQ(narrow.size(), 300u);
    std::set<ItemRow> found;
    for (const Candidate& candidate : narrow) found.insert(candidate.item);
    for (const Candidate& candidate : full) same += found.count(candidate.item);
    all += full.size();
  }
  EXPECT_LT(same, all);
  EXPECT_GT(same, all / 2);
}

TEST_F(CandidateGeneratorTest, WhatIsPopularComesInItsOrderWithCosines) {
  const EncodedUser user = ToyBundle::UserWith({3, 4});
  ItemFilter filter;
  const std::vector<ItemRow> first(bundle_->catalog.most_popular().begin(),
                                   bundle_->catalog.most_popular().begin() + 5);
  filter.Exclude({first.data(), 1});
  const std::vector<Candidate> popular =
      generator_.GeneratePopular(user, {}, filter, 4, {}, kNoSourceSettings);
  ASSERT_EQ(popular.size(), 4u);
  const std::vector<float> vector = bundle_->towers.UserVector(user, {});
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(popular[i].item, first[i + 1]);
    EXPECT_EQ(popular[i].source, SourceId::kPopular);
    EXPECT_EQ(popular[i].score,
              DotProduct(vector.data(), bundle_->towers.item_embedding(popular[i].item).data(),
                         bundle_->towers.dim()));
  }
  const std::vector<ItemRow> pinned = {bundle_->catalog.most_popular()[4000], first[0]};
  const std::vector<Candidate> with_pinned =
      generator_.GeneratePopular(user, {}, filter, 4, pinned, kNoSourceSettings);
  ASSERT_EQ(with_pinned.size(), 4u);
  EXPECT_EQ(with_pinned[3].item, pinned[0]);
  EXPECT_EQ(with_pinned[2].item, first[3]);
}

}  // namespace
}  // namespace shortlist
