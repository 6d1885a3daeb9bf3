// What a mix makes of stage one.
#include "retrieval/sources/candidate_mix.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrieval/sources/candidate_generator.h"
#include "tests/support/toy_bundle.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class CandidateMixTest : public testing::Test {
 protected:
  std::vector<Candidate> Generate(const CandidateMix& mix, size_t k = 100,
                                  const ItemFilter& filter = {}) const {
    return generator_.Generate(ToyBundle::UserWith({3, 400, 800}), {}, filter, k, {},
                               {.mix = &mix, .settings = &settings_});
  }
  static std::map<SourceId, int> Counts(const std::vector<Candidate>& candidates) {
    std::map<SourceId, int> counts;
    for (const Candidate& candidate : candidates) ++counts[candidate.source];
    return counts;
  }

  const ToyBundle bundle_{2'000};
  const CandidateGenerator generator_{bundle_.towers, *bundle_.index, bundle_.parts()};
  TrendingItems trending_{absl::Hours(1)};
  const SourceSettings settings_{.trending = &trending_};
};

TEST_F(CandidateMixTest, SettingsHaveTheMixesOfTheirLevels) {
  const CandidateSettings settings{.mixes = {{ColdStartLevel::kContext, {{SourceId::kPopular, 1}}}},
                                   .sources = {}};
  EXPECT_EQ(settings.MixOf(ColdStartLevel::kSession), nullptr);
  EXPECT_EQ(settings.MixOf(ColdStartLevel::kContext)->at(0).source, SourceId::kPopular);
}

TEST_F(CandidateMixTest, GivesEverySourceItsPlacesAndTheNearestTheRest) {
  EXPECT_THAT(Counts(Generate({{SourceId::kTwoTower, 0.5},
                               {SourceId::kSimilarToRecent, 0.2},
                               {SourceId::kPopular, 0.3}})),
              ElementsAre(Pair(SourceId::kTwoTower, 50), Pair(SourceId::kSimilarToRecent, 20),
                          Pair(SourceId::kPopular, 30)));
  EXPECT_THAT(Counts(Generate({{SourceId::kPopular, 1}})),
              ElementsAre(Pair(SourceId::kPopular, 100)));
  // What trending cannot fill, since nothing trends.
  EXPECT_THAT(Counts(Generate({{SourceId::kTrending, 0.6}, {SourceId::kPopular, 0.4}})),
              ElementsAre(Pair(SourceId::kTwoTower, 60), Pair(SourceId::kPopular, 40)));
}

TEST_F(CandidateMixTest, AnItemCountsForTheFirstThatNamesItInTheOrderOfTheMix) {
  const std::vector<ScoredItem> nearest = bundle_.index->Search(
      bundle_.towers.UserVector(ToyBundle::UserWith({3, 400, 800}), {}), {}, 30);
  for (const ScoredItem& item : nearest) trending_.Add(bundle_.catalog.id(item.item), 1'000, 1);
  trending_.Publish();
  EXPECT_THAT(Counts(Generate({{SourceId::kTwoTower, 0.5}, {SourceId::kTrending, 0.5}})),
              ElementsAre(Pair(SourceId::kTwoTower, 100)));
  const std::vector<Candidate> candidates =
      Generate({{SourceId::kTrending, 0.5}, {SourceId::kTwoTower, 0.5}});
  EXPECT_THAT(Counts(candidates),
              ElementsAre(Pair(SourceId::kTwoTower, 70), Pair(SourceId::kTrending, 30)));
  std::set<ItemRow> rows;
  for (const Candidate& candidate : candidates) rows.insert(candidate.item);
  EXPECT_EQ(rows.size(), 100u);
}

TEST_F(CandidateMixTest, AsksSourcesEvenWhereTheIndexFindsAllThatPasses) {
  Roaring allowed;
  for (ItemRow row = 0; row < 50; ++row) allowed.add(row);
  const std::vector<Candidate> candidates = Generate(
      {{SourceId::kSimilarToRecent, 0.05}, {SourceId::kTwoTower, 0.95}}, 100, ItemFilter(allowed));
  EXPECT_THAT(Counts(candidates),
              ElementsAre(Pair(SourceId::kTwoTower, 45), Pair(SourceId::kSimilarToRecent, 5)));
}

TEST_F(CandidateMixTest, TheUsualMixWrittenDownIsTheUsualAnswer) {
  const std::vector<Candidate> written = Generate(
      {{SourceId::kTwoTower, 0.75}, {SourceId::kSimilarToRecent, 0.2}, {SourceId::kPopular, 0.05}},
      500);
  const std::vector<Candidate> usual =
      generator_.Generate(ToyBundle::UserWith({3, 400, 800}), {}, {}, 500);
  ASSERT_EQ(written.size(), usual.size());
  for (size_t i = 0; i < usual.size(); ++i) {
    EXPECT_EQ(written[i].item, usual[i].item);
    EXPECT_EQ(written[i].source, usual[i].source);
  }
}

}  // namespace
}  // namespace shortlist
