#include "ranking/logistic_ranker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "model/bundle.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bundle.h"

namespace shortlist {
namespace {

class LogisticRankerTest : public testing::Test {
 protected:
  static constexpr ItemRow kWithoutGenre = 5;
  static constexpr uint32_t kTags = 30;
  // Beside a genre and a year.
  static constexpr std::pair<ItemRow, uint32_t> kTagsOf[] = {{7, 10}, {8, 11}, {9, 20}};

  static void SetUpTestSuite() {
    models_ = new TemporaryFolder;
    Dataset dataset = MakeSyntheticDataset();
    CatalogData& items = dataset.items;
    items.codes.erase(items.codes.begin() +
                      static_cast<ptrdiff_t>(items.code_offsets[kWithoutGenre]));
    for (size_t i = kWithoutGenre + 1; i < items.code_offsets.size(); ++i) --items.code_offsets[i];
    // As many values as the ranker keeps beside an item's score, and more.
    AttributeFieldData& tag = items.schema.emplace_back();
    tag.name = "tag";
    tag.type = AttributeType::kTokens;
    for (uint32_t i = 0; i < kTags; ++i) tag.values.push_back("tag " + std::to_string(i));
    const auto first_tag = *std::max_element(items.codes.begin(), items.codes.end()) + 1;
    for (const auto& [item, count] : kTagsOf) {
      std::vector<uint32_t> tags(count);
      std::iota(tags.begin(), tags.end(), first_tag + item);
      items.codes.insert(items.codes.begin() + static_cast<ptrdiff_t>(items.code_offsets[item + 1]),
                         tags.begin(), tags.end());
      for (size_t i = item + 1; i < items.code_offsets.size(); ++i) items.code_offsets[i] += count;
    }
    PublishTestBundle(dataset, models_->path());
    bundle_ = new std::shared_ptr<const Bundle>(LoadCurrentBundle(models_->path()).value());
  }
  static void TearDownTestSuite() {
    delete bundle_;
    delete models_;
  }
  const Bundle& bundle() const { return **bundle_; }
  const FeatureExtractor& extractor() const { return *bundle().extractor; }

  std::vector<Candidate> Candidates() const {
    std::vector<Candidate> candidates = bundle().candidates->Generate(user_, context_, {}, 20);
    candidates.push_back({kWithoutGenre, 0.1F, SourceId::kPopular});
    for (const auto& [item, tags] : kTagsOf) candidates.push_back({item, 0.1F, SourceId::kPopular});
    return candidates;
  }
  // Weights that differ from one another.
  LogisticWeights Weights() const {
    LogisticWeights weights{.spec_fingerprint = extractor().spec().Fingerprint(), .bias = 0.25F};
    for (uint32_t i = 0; i < extractor().width(); ++i)
      weights.weights.push_back(0.01F * static_cast<float>(i % 17) - 0.05F);
    return weights;
  }
  absl::Status OpenStatus(const LogisticWeights& weights) const {
    const std::filesystem::path path = models_->path() / "test_ranker.arr";
    EXPECT_TRUE(WriteLogisticWeights(weights, path).ok());
    return LogisticRanker::Open(path, extractor()).status();
  }

  static TemporaryFolder* models_;
  static std::shared_ptr<const Bundle>* bundle_;
  const EncodedUser user_{.user = 2, .attribute_codes = {0}, .history = {{8, 0, 4}, {12, 0, 4}}};
  const EncodedContext context_{.time_ms = 0, .attribute_codes = {13}};
};
TemporaryFolder* LogisticRankerTest::models_ = nullptr;
std::shared_ptr<const Bundle>* LogisticRankerTest::bundle_ = nullptr;

TEST_F(LogisticRankerTest, ScoreIsTheBiasPlusWeightsTimesFeatures) {
  const LogisticWeights weights = Weights();
  const LogisticRanker ranker(weights, extractor());
  const auto candidates = Candidates();
  std::vector<float> scores(candidates.size());
  ranker.Score(user_, context_, candidates, scores);
  const auto request = extractor().Begin(user_, context_, candidates);
  std::vector<FeatureValue> values;
  for (size_t i = 0; i < candidates.size(); ++i) {
    extractor().Compute(request, i, values);
    double expected = 0.25;
    for (const FeatureValue& value : values)
      expected += double{weights.weights[value.index]} * value.value;
    EXPECT_NEAR(scores[i], expected, 1e-5);
  }
}

TEST_F(LogisticRankerTest, ScoresSpecsOfEveryKindAndTransform) {
  FeatureSpec spec;
  auto add = [&](FeatureKind kind) -> Feature& {
    Feature& feature = spec.features.emplace_back();
    feature.name = std::to_string(spec.features.size());
    feature.kind = kind;
    return feature;
  };
  for (const FeatureKind kind :
       {FeatureKind::kTowerScore, FeatureKind::kLogRank, FeatureKind::kLogPopularity,
        FeatureKind::kLogHistoryLength, FeatureKind::kCoOccurrence, FeatureKind::kRecentTowerScore,
        FeatureKind::kHistoryRegression, FeatureKind::kNextRegression, FeatureKind::kLikeRate}) {
    add(kind).mean = 0.5F;
    add(kind).transform = FeatureTransform::kLog;
    Feature& buckets = add(kind);
    buckets.transform = FeatureTransform::kBuckets;
    buckets.bucket_edges = {-0.1F, 0.2F, 0.6F, 1.5F};
  }
  for (const FeatureTransform transform :
       {FeatureTransform::kIdentity, FeatureTransform::kLog, FeatureTransform::kBuckets}) {
    for (const auto& [kind, attribute] : {std::pair(FeatureKind::kHistoryAffinity, "genre"),
                                          std::pair(FeatureKind::kItemNumber, "year")}) {
      Feature& feature = add(kind);
      feature.item_attribute = attribute;
      feature.transform = transform;
      feature.mean = 0.5F;
      if (transform == FeatureTransform::kBuckets) feature.bucket_edges = {0, 1990};
    }
  }
  for (const uint32_t hash_size : {0U, 3U}) {
    Feature& item = add(FeatureKind::kItemAttribute);
    item.item_attribute = "genre";
    item.hash_size = hash_size;
    Feature& user = add(FeatureKind::kUserAttribute);
    user.user_attribute = "gender";
    user.hash_size = hash_size;
    Feature& context = add(FeatureKind::kContextAttribute);
    context.context_attribute = "weekday";
    context.hash_size = hash_size;
    Feature& cross = add(FeatureKind::kUserXItem);
    cross.item_attribute = "genre";
    cross.user_attribute = "gender";
    cross.hash_size = hash_size;
    Feature& other = add(FeatureKind::kContextXItem);
    other.item_attribute = "genre";
    other.context_attribute = "daypart";
    other.hash_size = hash_size;
  }
  const auto made = FeatureExtractor::Create(spec, FeatureInputsOf(bundle()));
  ASSERT_TRUE(made.ok()) << made.status();
  LogisticWeights weights{.bias = 0.25F};
  for (uint32_t i = 0; i < made->width(); ++i)
    weights.weights.push_back(0.01F * static_cast<float>(i % 17) - 0.05F);
  const LogisticRanker ranker(weights, *made);
  const auto candidates = Candidates();
  const EncodedContext context{.time_ms = 0, .attribute_codes = {1, 7}};
  std::vector<float> scores(candidates.size());
  ranker.Score(user_, context, candidates, scores);
  const auto request = made->Begin(user_, context, candidates);
  std::vector<FeatureValue> values;
  for (size_t i = 0; i < candidates.size(); ++i) {
    made->Compute(request, i, values);
    // All have one value, unless they are missing.
    EXPECT_EQ(values.size() == spec.features.size(), candidates[i].item != kWithoutGenre);
    double expected = 0.25;
    for (const FeatureValue& value : values) {
      ASSERT_LT(value.index, made->width());
      expected += double{weights.weights[value.index]} * value.value;
    }
    EXPECT_NEAR(scores[i], expected, 2e-4);
  }
}

TEST_F(LogisticRankerTest, ProbabilityIsTheCalibratedLogistic) {
  LogisticWeights weights = Weights();
  weights.calibration_slope = 2;
  weights.calibration_offset = -1;
  const LogisticRanker ranker(weights, extractor());
  EXPECT_FLOAT_EQ(ranker.Probability(0.5F), 0.5F);
  EXPECT_NEAR(ranker.Probability(1.5F), 1 / (1 + std::exp(-2.0)), 1e-6);
}

TEST_F(LogisticRankerTest, ContributionsSumToTheScoreAndComeLargestFirst) {
  const LogisticRanker ranker(Weights(), extractor());
  const auto candidates = Candidates();
  std::vector<float> scores(candidates.size());
  const FeatureExtractor::Request request = extractor().Begin(user_, context_, candidates);
  ranker.Score(request, scores);
  for (const size_t position : {0, 7, 19}) {
    double sum = 0;
    double previous = INFINITY;
    for (const FeatureContribution& part : ranker.Explain(request, position, scores[position])) {
      sum += part.contribution;
      EXPECT_LE(std::abs(part.contribution), previous);
      previous = std::abs(part.contribution);
      if (part.feature == "bias") {
        EXPECT_NEAR(part.contribution, 0.25, 1e-5);
      }
    }
    EXPECT_EQ(static_cast<float>(sum), scores[position]);
  }
}

TEST_F(LogisticRankerTest, WeightsThatAreNotFiniteAreRefused) {
  for (const float bad : {NAN, INFINITY}) {
    LogisticWeights weights = Weights();
    weights.weights[3] = bad;
    EXPECT_THAT(std::string(OpenStatus(weights).message()), testing::HasSubstr("not finite"));
    weights = Weights();
    weights.bias = bad;
    EXPECT_THAT(std::string(OpenStatus(weights).message()), testing::HasSubstr("not finite"));
  }
}

TEST_F(LogisticRankerTest, WeightsOfAnotherSpecAreRefused) {
  LogisticWeights weights = Weights();
  weights.spec_fingerprint ^= 1;
  EXPECT_THAT(std::string(OpenStatus(weights).message()), testing::HasSubstr("another feature"));
  weights = Weights();
  weights.weights.pop_back();
  EXPECT_THAT(std::string(OpenStatus(weights).message()), testing::HasSubstr("weights instead"));
  EXPECT_TRUE(OpenStatus(Weights()).ok());
}

}  // namespace
}  // namespace shortlist
