#include "ranking/re_ranker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>
#include <string>

#include "common/vector_kernels.h"
#include "features/growing_catalog.h"
#include "features/item_encoder.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

constexpr size_t kDim = 8;
constexpr uint32_t kItems = 60;
constexpr uint32_t kGenres = 5;
constexpr uint32_t kStudios = 4;

// Sixty items with one to three of five genres and, most of them, one of four studios; scores and
// embeddings at random, those of a genre alike.
class ReRankerTest : public testing::Test {
 protected:
  explicit ReRankerTest(uint64_t seed = 1) : random_(seed) {
    std::normal_distribution<float> normal;
    CatalogData data;
    data.schema = {{.name = "genre",
                    .type = AttributeType::kTokens,
                    .values = {"a", "b", "c", "d", "e"},
                    .bucket_edges = {}},
                   {.name = "studio",
                    .type = AttributeType::kToken,
                    .values = {"w", "x", "y", "z"},
                    .bucket_edges = {}}};
    data.code_offsets = {0};
    for (uint32_t i = 0; i < kItems; ++i) {
      data.ids.push_back(std::to_string(i));
      std::set<uint32_t> codes = {i % kGenres};
      if (i % 3 == 0) codes.insert(random_() % kGenres);
      if (i % 7 == 0) codes.insert(random_() % kGenres);
      if (i % 11 != 0) codes.insert(kGenres + random_() % kStudios);
      data.codes.insert(data.codes.end(), codes.begin(), codes.end());
      data.code_offsets.push_back(data.codes.size());
      std::vector<float> row(kDim);
      float square = 0;
      for (size_t d = 0; d < kDim; ++d) {
        row[d] = normal(random_) + (d == i % kGenres ? 3.0F : 0.0F);
        square += row[d] * row[d];
      }
      for (float x : row) embeddings_.push_back(x / std::sqrt(square));
    }
    data.interaction_counts.assign(kItems, 1);
    EXPECT_TRUE(WriteCatalog(data, folder_.path() / "catalog.arr").ok());
    catalog_ = *Catalog::Open(folder_.path() / "catalog.arr");
    for (uint32_t i = 0; i < kItems; ++i) items_.push_back(i);
    std::shuffle(items_.begin(), items_.end(), random_);
    for (uint32_t i = 0; i < kItems; ++i)
      // Some equal to others.
      scores_.push_back(std::round(10 * normal(random_)) / 10 - 2);
    Probabilities();
  }

  void Probabilities() {
    probabilities_.clear();
    for (float score : scores_) probabilities_.push_back(Probability(score));
    relevances_ = probabilities_;
  }
  static float Probability(float score) { return 1 / (1 + std::exp(-score)); }

  void Boost(size_t candidate, float log_odds) {
    boosts_.resize(items_.size());
    boosts_[candidate] = log_odds;
    boosted_relevances_.clear();
    for (size_t i = 0; i < items_.size(); ++i)
      boosted_relevances_.push_back(Probability(scores_[i] + boosts_[i]));
  }

  std::vector<PlacedCandidate> Run(size_t count) const {
    return ReRank(rules_,
                  {.catalog = &catalog_,
                   .embeddings = embeddings_,
                   .dim = kDim,
                   .items = items_,
                   .scores = scores_,
                   .probabilities = probabilities_,
                   .relevances = relevances_,
                   .boosts = boosts_,
                   .boosted_relevances = boosted_relevances_},
                  count);
  }

  float Likeness(size_t a, size_t b) const {
    return DotProduct(&embeddings_[items_[a] * kDim], &embeddings_[items_[b] * kDim], kDim);
  }
  float MeanLikeness(const std::vector<PlacedCandidate>& placed) const {
    float sum = 0;
    for (const PlacedCandidate& a : placed)
      for (const PlacedCandidate& b : placed)
        if (a.candidate != b.candidate) sum += Likeness(a.candidate, b.candidate);
    return sum / static_cast<float>(placed.size() * (placed.size() - 1));
  }
  std::span<const uint32_t> CodesOf(size_t candidate) const {
    return catalog_.codes(items_[candidate]);
  }
  // Makes candidates items that came after training, of a genre.
  void MakeNew(const std::vector<size_t>& candidates, const std::string& genre = "a") {
    const Catalog base = catalog_;
    growing_ = *GrowingCatalog::Make(base);
    for (const size_t candidate : candidates) {
      items_[candidate] = growing_.catalog(nullptr, nullptr).item_count();
      const EncodedItem item = EncodeItem("", {{"genre", {genre}}}, base.schema());
      EXPECT_TRUE(growing_.Append(std::to_string(items_[candidate]), item, {}).ok());
      embeddings_.insert(embeddings_.end(), kDim, 0);
    }
    catalog_ = growing_.catalog(nullptr, nullptr);
  }
  // Candidates, best score first.
  std::vector<size_t> ByScore() const { return CandidatesOf(Run(kItems)); }

  static std::vector<size_t> CandidatesOf(const std::vector<PlacedCandidate>& placed) {
    std::vector<size_t> candidates;
    for (const PlacedCandidate& place : placed) candidates.push_back(place.candidate);
    return candidates;
  }

  const TemporaryFolder folder_;
  std::mt19937_64 random_;
  Catalog catalog_;
  GrowingCatalog growing_;
  std::vector<float> embeddings_;
  std::vector<uint32_t> items_;
  std::vector<float> scores_;
  std::vector<float> probabilities_;
  std::vector<float> relevances_;
  std::vector<float> boosts_;
  std::vector<float> boosted_relevances_;
  PlacementRules rules_;
};

constexpr PlacementRules::Limit kGenreLimit{.first_code = 0, .end_code = kGenres, .most = 2};

TEST_F(ReRankerTest, WithoutRulesTheOrderIsThatOfTheScores) {
  const std::vector<PlacedCandidate> placed = Run(20);
  ASSERT_EQ(placed.size(), 20u);
  for (size_t i = 0; i < placed.size(); ++i) {
    EXPECT_EQ(placed[i].place_by_score, i);
    EXPECT_EQ(placed[i].moved_by, 0u);
    if (i == 0) continue;
    EXPECT_GE(scores_[placed[i - 1].candidate], scores_[placed[i].candidate]);
    if (scores_[placed[i - 1].candidate] == scores_[placed[i].candidate]) {
      EXPECT_LT(placed[i - 1].candidate, placed[i].candidate);
    }
  }
}

TEST_F(ReRankerTest, OfNoCandidatesThereIsNothingToPlace) {
  items_.clear();
  EXPECT_TRUE(Run(20).empty());
}

TEST_F(ReRankerTest, DiversityIsMaximalMarginalRelevance) {
  for (const float diversity : {0.1F, 0.5F, 0.9F, 1.0F}) {
    rules_.diversity = diversity;
    const std::vector<size_t> order = CandidatesOf(Run(30));
    // The oracle looks at everything each time.
    const float largest = *std::max_element(probabilities_.begin(), probabilities_.end());
    std::vector<size_t> expected;
    while (expected.size() < 30) {
      size_t best = items_.size();
      float best_value = 0;
      for (size_t i = 0; i < items_.size(); ++i) {
        if (std::find(expected.begin(), expected.end(), i) != expected.end()) continue;
        float likeness = 0;
        for (size_t other : expected) likeness = std::max(likeness, Likeness(other, i));
        const float value = (1 - diversity) * (probabilities_[i] / largest) - diversity * likeness;
        if (best == items_.size() || value > best_value ||
            (value == best_value && scores_[i] > scores_[best])) {
          best = i;
          best_value = value;
        }
      }
      expected.push_back(best);
    }
    EXPECT_EQ(order, expected) << diversity;
  }
}

TEST_F(ReRankerTest, MoreDiversityMakesTheItemsLessAlike) {
  float previous = 1;
  for (const float diversity : {0.0F, 0.3F, 0.6F, 0.9F}) {
    rules_.diversity = diversity;
    const float likeness = MeanLikeness(Run(10));
    EXPECT_LT(likeness, previous) << diversity;
    previous = likeness;
  }
}

TEST_F(ReRankerTest, ALimitHoldsUntilNothingElseIsLeft) {
  rules_.limits = {kGenreLimit};
  const std::vector<PlacedCandidate> placed = Run(items_.size());
  ASSERT_EQ(placed.size(), items_.size());
  std::vector<uint32_t> counts(kGenres + kStudios, 0);
  auto has_room = [&](size_t candidate) {
    return std::all_of(CodesOf(candidate).begin(), CodesOf(candidate).end(),
                       [&](uint32_t code) { return code >= kGenres || counts[code] < 2; });
  };
  bool filling_up = false;
  for (size_t i = 0; i < placed.size(); ++i) {
    filling_up |= !has_room(placed[i].candidate);
    for (size_t later = i; filling_up && later < placed.size(); ++later)
      EXPECT_FALSE(has_room(placed[later].candidate));
    for (uint32_t code : CodesOf(placed[i].candidate)) ++counts[code];
  }
  EXPECT_TRUE(filling_up);
}

TEST_F(ReRankerTest, WhatFillsUpComesByScoreWhateverTheDiversity) {
  rules_.limits = {kGenreLimit};
  rules_.diversity = 0.8F;
  const std::vector<PlacedCandidate> placed = Run(kItems);
  // Two of each genre keep to the limit at most.
  for (size_t place = 2 * kGenres + 1; place < placed.size(); ++place)
    EXPECT_LT(placed[place - 1].place_by_score, placed[place].place_by_score) << place;
}

TEST_F(ReRankerTest, ItemsBelowTheMinimumComeLast) {
  rules_.diversity = 0.9F;
  rules_.min_probability = 0.1F;
  const std::vector<PlacedCandidate> placed = Run(items_.size());
  EXPECT_TRUE(std::is_partitioned(placed.begin(), placed.end(), [&](const PlacedCandidate& place) {
    return probabilities_[place.candidate] >= 0.1F;
  }));
}

TEST_F(ReRankerTest, PinnedItemsHaveTheirPlaces) {
  rules_.limits = {kGenreLimit};
  rules_.diversity = 0.5F;
  rules_.min_probability = 0.5F;
  rules_.pins = {{.candidate = 3, .place = 0},  {.candidate = 9, .place = 4},
                 {.candidate = 7, .place = 4},     // Taken: the next one.
                 {.candidate = 9, .place = 2},     // Has a place.
                 {.candidate = 11, .place = 9},    // The last one.
                 {.candidate = 12, .place = 10}};  // Beyond what is shown.
  const std::vector<size_t> order = CandidatesOf(Run(10));
  EXPECT_EQ(order[0], 3u);
  EXPECT_EQ(order[4], 9u);
  EXPECT_EQ(order[5], 7u);
  EXPECT_EQ(order[9], 11u);
}

TEST_F(ReRankerTest, PinsBeyondTheLastItemAreLast) {
  items_.resize(3);
  scores_ = {0, -1, -2};
  Probabilities();
  rules_.pins = {{.candidate = 0, .place = 7}, {.candidate = 1, .place = 7}};
  EXPECT_THAT(CandidatesOf(Run(10)), ElementsAre(2, 1, 0));
}

TEST_F(ReRankerTest, ABoostCountsLikeAScore) {
  items_.resize(3);
  scores_ = {0, -1, -2};
  Probabilities();
  Boost(2, 1.5F);
  const std::vector<PlacedCandidate> placed = Run(3);
  EXPECT_THAT(CandidatesOf(placed), ElementsAre(0, 2, 1));
  EXPECT_EQ(placed[0].moved_by, 0u);
  EXPECT_EQ(placed[1].moved_by, uint64_t{kMovedByBoost});
  EXPECT_EQ(placed[2].moved_by, 0u);  // Made room.
}

TEST_F(ReRankerTest, DiversityWeighsRelevancesAndTheMinimumIsOfProbabilities) {
  items_ = {0, 1, 2};
  embeddings_.assign(embeddings_.size(), 0);
  for (size_t i = 0; i < 3; ++i) embeddings_[i * kDim + i] = 1;  // Nothing is like another.
  scores_ = {0, -1, -2};
  probabilities_ = {0.3F, 0.2F, 0.1F};
  relevances_ = {1, 2, 30};
  rules_.diversity = 0.5F;
  EXPECT_THAT(CandidatesOf(Run(3)), ElementsAre(2, 1, 0));
  rules_.min_probability = 0.15F;
  EXPECT_THAT(CandidatesOf(Run(3)), ElementsAre(1, 0, 2));
}

TEST_F(ReRankerTest, NamesTheRuleThatMovedAnItem) {
  items_ = {0, 5, 1, 2};  // 0 and 5 share a genre.
  scores_ = {0, -0.1F, -0.2F, -3};
  Probabilities();
  rules_.limits = {{.first_code = 0, .end_code = kGenres, .most = 1}};
  std::vector<PlacedCandidate> placed = Run(4);
  const auto moved_by = [&](size_t candidate) {
    return std::find_if(placed.begin(), placed.end(),
                        [&](const PlacedCandidate& p) { return p.candidate == candidate; })
        ->moved_by;
  };
  EXPECT_EQ(placed[1].candidate, 2u);
  EXPECT_EQ(moved_by(0), 0u);
  EXPECT_EQ(moved_by(1), uint64_t{kMovedByFirstLimit});
  EXPECT_EQ(moved_by(2), uint64_t{kMovedByFirstLimit});

  rules_.limits.clear();
  rules_.pins = {{.candidate = 3, .place = 0}};
  placed = Run(4);
  EXPECT_EQ(moved_by(3), uint64_t{kMovedByPin});
  EXPECT_EQ(moved_by(0), 0u);

  rules_.pins.clear();
  Boost(0, -1);
  placed = Run(4);
  EXPECT_EQ(placed[0].candidate, 1u);
  EXPECT_EQ(moved_by(0), uint64_t{kMovedByBoost});
  EXPECT_EQ(moved_by(1), uint64_t{kMovedByBoost});
}

// Rules at random.
class ReRankerPropertyTest : public ReRankerTest, public testing::WithParamInterface<int> {
 protected:
  ReRankerPropertyTest() : ReRankerTest(static_cast<uint64_t>(GetParam())) {
    auto chance = [&](double p) { return std::bernoulli_distribution(p)(random_); };
    auto any = [&](float most) { return std::uniform_real_distribution<float>(0, most)(random_); };
    items_.resize(random_() % kItems);
    scores_.resize(items_.size());
    Probabilities();
    if (chance(0.5)) rules_.diversity = any(1);
    if (chance(0.3)) rules_.min_probability = any(0.3F);
    if (chance(0.5))
      rules_.limits.push_back(
          {.first_code = 0, .end_code = kGenres, .most = 1 + static_cast<uint32_t>(random_() % 4)});
    if (chance(0.3))
      rules_.limits.push_back({.first_code = kGenres,
                               .end_code = kGenres + kStudios,
                               .most = 1 + static_cast<uint32_t>(random_() % 4)});
    if (items_.empty()) return;
    for (int pin = 0; chance(0.6) && pin < 8; ++pin)
      rules_.pins.push_back(
          {.candidate = random_() % items_.size(), .place = static_cast<size_t>(random_() % 25)});
    for (int boost = 0; chance(0.6) && boost < 8; ++boost)
      Boost(random_() % items_.size(), any(4) - 2);
    count_ = 9 + random_() % 20;  // Room for every pin.
  }
  size_t count_ = 5;
};

TEST_F(ReRankerTest, TheLastOfSoManyPlacesIsForTheBestNewItem) {
  const std::vector<size_t> by_score = ByScore();
  MakeNew({by_score[9], by_score[10], by_score[12]});
  rules_.new_item_interval = 4;
  const std::vector<PlacedCandidate> placed = Run(12);
  // One for each four, but for the last four: the third new item is not in the best fifth.
  std::vector<size_t> expected(by_score.begin(), by_score.begin() + 3);
  expected.push_back(by_score[9]);
  expected.insert(expected.end(), by_score.begin() + 3, by_score.begin() + 6);
  expected.push_back(by_score[10]);
  expected.insert(expected.end(), by_score.begin() + 6, by_score.begin() + 9);
  expected.push_back(by_score[11]);
  EXPECT_EQ(CandidatesOf(placed), expected);
  EXPECT_EQ(placed[3].moved_by, kMovedAsNewItem);
  EXPECT_EQ(placed[3].place_by_score, 9u);
  EXPECT_EQ(placed[7].moved_by, kMovedAsNewItem);
  EXPECT_EQ(placed[4].moved_by, 0u);
}

TEST_F(ReRankerTest, ANewItemThatHasItsPlaceByItsScoreNeedsNoOther) {
  const std::vector<size_t> by_score = ByScore();
  MakeNew({by_score[1], by_score[8]});
  rules_.new_item_interval = 5;
  const std::vector<PlacedCandidate> placed = Run(5);
  EXPECT_EQ(CandidatesOf(placed), std::vector<size_t>(by_score.begin(), by_score.begin() + 5));
  for (const PlacedCandidate& place : placed) EXPECT_EQ(place.moved_by, 0u);
}

TEST_F(ReRankerTest, LimitsAndTheMinimumHoldANewItemBackFromItsPlace) {
  const std::vector<size_t> by_score = ByScore();
  MakeNew({by_score[8]});
  rules_.new_item_interval = 2;
  EXPECT_EQ(Run(2)[1].candidate, by_score[8]);
  rules_.min_probability = 0.99F;
  EXPECT_NE(Run(2)[1].candidate, by_score[8]);
  rules_.min_probability = 0;
  rules_.limits = {{.first_code = 0, .end_code = kGenres, .most = 0}};
  EXPECT_NE(Run(2)[1].candidate, by_score[8]);
}

TEST_P(ReRankerPropertyTest, HoldsWhatItPromises) {
  const std::vector<PlacedCandidate> placed = Run(count_);
  // Never fewer than asked for while candidates remain, and none twice.
  ASSERT_EQ(placed.size(), std::min(count_, items_.size()));
  const std::vector<size_t> order = CandidatesOf(placed);
  const std::set<size_t> shown(order.begin(), order.end());
  ASSERT_EQ(shown.size(), placed.size());

  std::set<size_t> pinned;
  for (const PlacementRules::Pin& pin : rules_.pins)
    if (pin.place < count_ || items_.size() <= count_) {
      EXPECT_TRUE(shown.contains(pin.candidate));
      pinned.insert(pin.candidate);
    }

  // A rule is broken only by those that fill up: when none is left that keeps to it.
  std::vector<uint32_t> counts(kGenres + kStudios, 0);
  auto count = [&](size_t candidate) {
    for (uint32_t code : CodesOf(candidate)) ++counts[code];
  };
  auto kept_rules = [&](size_t candidate) {
    if (probabilities_[candidate] < rules_.min_probability) return 0;
    for (const PlacementRules::Limit& limit : rules_.limits)
      for (uint32_t code : CodesOf(candidate))
        if (limit.first_code <= code && code < limit.end_code && counts[code] >= limit.most)
          return 1;
    return 2;
  };
  for (size_t candidate : pinned)
    if (shown.contains(candidate)) count(candidate);
  std::set<size_t> left;
  for (size_t i = 0; i < items_.size(); ++i)
    if (!pinned.contains(i)) left.insert(i);
  for (size_t candidate : order) {
    if (pinned.contains(candidate)) continue;
    const int kept = kept_rules(candidate);
    for (size_t other : left) EXPECT_LE(kept_rules(other), kept);
    count(candidate);
    left.erase(candidate);
  }

  for (size_t place = 0; place < placed.size(); ++place) {
    // Whatever rose has a reason.
    if (place < placed[place].place_by_score) {
      EXPECT_NE(placed[place].moved_by, 0u) << place;
    }
    // Whoever sank was held back, or others have a reason to be above.
    if (place > placed[place].place_by_score && placed[place].moved_by == 0) {
      EXPECT_TRUE(std::any_of(placed.begin(), placed.begin() + static_cast<std::ptrdiff_t>(place),
                              [](const PlacedCandidate& p) { return p.moved_by != 0; }));
    }
  }
  EXPECT_EQ(CandidatesOf(Run(count_)), order);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ReRankerPropertyTest, testing::Range(1, 101));

}  // namespace
}  // namespace shortlist
