// What adding a kind of features takes: the two that CONTRIBUTING.md shows, added here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "features/feature_spec_check.h"
#include "features/kinds/feature_kind_table.h"
#include "ranking/logistic_ranker.h"
#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

using testing::ElementsAre;

// How often the user had the item before; missing where nothing is known of the user.
class TimesHad : public FeatureComputer {
 public:
  float Number(const FeatureSlot& /*slot*/, const FeatureRequest& request,
               const Candidate& candidate, size_t /*position*/) const override {
    const std::vector<HistoryEntry>& history = request.user->history;
    if (history.empty()) return NAN;
    return static_cast<float>(
        std::count_if(history.begin(), history.end(),
                      [&](const HistoryEntry& entry) { return entry.item == candidate.item; }));
  }
  std::string Describe(const FeatureSlot& slot, const FeatureRequest& request,
                       const Candidate& candidate, size_t position) const override {
    return absl::StrCat(Number(slot, request, candidate, position), " times");
  }
};

std::unique_ptr<FeatureComputer> MakeTimesHad(const FeatureInputs& /*inputs*/) {
  return std::make_unique<TimesHad>();
}

constexpr FeatureKind kTimesHad{200};
const FeatureKindInfo kTimesHadKind{.kind = kTimesHad,
                                    .group = "times had",
                                    .shape = FeatureShape::kCandidate,
                                    .make = MakeTimesHad,
                                    .has_number = true,
                                    .is_cross = true};

// How far the candidate is behind the best one of stage one.
class BehindBest : public FeatureComputer {
 public:
  void Begin(std::span<const FeatureSlot> /*slots*/, FeatureRequest& request,
             FeatureColumns& columns) const override {
    float best = -1;
    for (const Candidate& candidate : request.candidates) best = std::max(best, candidate.score);
    for (const Candidate& candidate : request.candidates)
      columns.numbers.push_back(best - candidate.score);
  }
};

std::unique_ptr<FeatureComputer> MakeBehindBest(const FeatureInputs& /*inputs*/) {
  return std::make_unique<BehindBest>();
}

constexpr FeatureKind kBehindBest{201};
const FeatureKindInfo kBehindBestKind{.kind = kBehindBest,
                                      .group = "behind best",
                                      .shape = FeatureShape::kColumn,
                                      .make = MakeBehindBest,
                                      .has_number = true};

class AddedKindTest : public FeatureExtractorTest {
 protected:
  AddedKindTest() { user_.history = {{0, 0, 0}, {1, 0, 0}, {0, 0, 0}}; }

  FeatureExtractor Extractor() const {
    auto extractor = FeatureExtractor::Create(spec_, inputs_);
    EXPECT_TRUE(extractor.ok()) << extractor.status();
    return *std::move(extractor);
  }
  LogisticRanker Ranker(const FeatureExtractor& extractor, std::vector<float> weights) const {
    return LogisticRanker(
        {.spec_fingerprint = spec_.Fingerprint(), .bias = 0.5F, .weights = std::move(weights)},
        extractor);
  }

  const AddedFeatureKind times_had_{kTimesHadKind};
  const AddedFeatureKind behind_best_{kBehindBestKind};
  FeatureSpec spec_{
      .features = {{.name = "times had", .kind = kTimesHad, .mean = 1, .deviation = 0.5F},
                   {.name = "behind", .kind = kBehindBest},
                   {.name = "score", .kind = FeatureKind::kTowerScore}}};
  // The user had the first once, the second twice, the third never.
  const std::vector<Candidate> candidates_ = {
      {1, 0.5F, SourceId::kTwoTower}, {0, 0.25F, SourceId::kTwoTower}, {2, 0, SourceId::kTwoTower}};
};

TEST_F(AddedKindTest, IsComputed) {
  const FeatureExtractor extractor = Extractor();
  const auto request = extractor.Begin(user_, context_, candidates_);
  std::vector<std::vector<float>> computed;
  for (size_t position = 0; position < 3; ++position) {
    std::vector<FeatureValue> values;
    extractor.Compute(request, position, values);
    computed.emplace_back();
    for (const FeatureValue& value : values) computed.back().push_back(value.value);
  }
  EXPECT_THAT(computed, ElementsAre(ElementsAre(0, 0, 0.5F), ElementsAre(2, 0.25F, 0.25F),
                                    ElementsAre(-2, 0.5F, 0)));
}

TEST_F(AddedKindTest, IsScoredWithoutAnotherLineOfCode) {
  const FeatureExtractor extractor = Extractor();
  std::vector<float> scores(3);
  Ranker(extractor, {0.25F, -2, 4}).Score(user_, context_, candidates_, scores);
  EXPECT_THAT(scores, ElementsAre(0.5F + 0 - 0 + 2, 0.5F + 0.5F - 0.5F + 1, 0.5F - 0.5F - 1));
}

TEST_F(AddedKindTest, IsScoredWhereItIsMissingOrTransformed) {
  spec_.features[1].transform = FeatureTransform::kBuckets;
  spec_.features[1].bucket_edges = {0.125F, 0.375F};
  user_.history.clear();
  const FeatureExtractor extractor = Extractor();
  std::vector<float> scores(3);
  Ranker(extractor, {0.25F, 10, 20, 30, 4}).Score(user_, context_, candidates_, scores);
  EXPECT_THAT(scores, ElementsAre(0.5F + 10 + 2, 0.5F + 20 + 1, 0.5F + 30));
}

TEST_F(AddedKindTest, IsExplained) {
  const FeatureExtractor extractor = Extractor();
  const LogisticRanker ranker = Ranker(extractor, {0.25F, -2, 4});
  const auto request = extractor.Begin(user_, context_, candidates_);
  std::vector<float> scores(3);
  ranker.Score(request, scores);
  std::vector<std::string> parts;
  for (const FeatureContribution& part : ranker.Explain(request, 1, scores[1]))
    parts.push_back(absl::StrCat(part.feature, ": ", part.value, ": ", part.contribution));
  EXPECT_THAT(parts, ElementsAre("score: 0.25: 1", "times had: 2 times: 0.5", "behind: 0.25: -0.5",
                                 "bias: : 0.5"));
}

TEST_F(AddedKindTest, IsCheckedLikeTheOthers) {
  EXPECT_TRUE(CheckFeatureSpec(spec_).ok());
  spec_.features[0].item_attribute = "genre";
  EXPECT_EQ(CheckFeatureSpec(spec_),
            absl::InvalidArgumentError("feature times had: its kind has no item_attribute"));
  EXPECT_FALSE(CheckFeatureSpec({.features = {{.name = "other", .kind = FeatureKind{202}}}}).ok());
}

}  // namespace
}  // namespace shortlist
