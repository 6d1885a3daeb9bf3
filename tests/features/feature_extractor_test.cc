#include "features/feature_extractor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/status_macros.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

// Three items: a comedy of 1990, a drama of 2010, and one of which nothing is known.
class FeatureExtractorTest : public testing::Test {
 protected:
  void SetUp() override {
    CatalogData data;
    data.ids = {"a", "b", "c"};
    data.titles = {"Alpha", "Beta", ""};
    data.schema = {{.name = "genre",
                    .type = AttributeType::kTokens,
                    .values = {"Comedy", "Drama"},
                    .bucket_edges = {}},
                   {.name = "year",
                    .type = AttributeType::kNumber,
                    .values = {"..2000", "2000.."},
                    .bucket_edges = {2000}}};
    data.numbers = {{1990, 2010, NAN}};
    data.code_offsets = {0, 1, 2, 2};
    data.codes = {0, 1};
    data.interaction_counts = {30, 10, 0};
    data.liked_counts = {24, 0, 0};
    ASSERT_TRUE(WriteCatalog(data, folder_.path() / "catalog.arr").ok());
    catalog_ = *Catalog::Open(folder_.path() / "catalog.arr");

    ArrayFileWriter writer;
    AddAttributeSchema(writer, "user",
                       {{.name = "gender",
                         .type = AttributeType::kToken,
                         .values = {"F", "M"},
                         .bucket_edges = {}}});
    AddAttributeSchema(writer, "context",
                       {{.name = "device",
                         .type = AttributeType::kToken,
                         .values = {"phone", "tv"},
                         .bucket_edges = {}}});
    ASSERT_TRUE(writer.Write(folder_.path() / "schemas.arr").ok());
    schemas_ = *ArrayFile::Open(folder_.path() / "schemas.arr");
    user_schema_ = *AttributeSchema::Open(schemas_, "user");
    context_schema_ = *AttributeSchema::Open(schemas_, "context");
    statistics_ = {.counts = catalog_.interaction_counts(),
                   .total = 40,
                   .liked = catalog_.liked_counts(),
                   .total_liked = 24};
    const ItemFactorsData factors{.dim = 2,
                                  .from = {1, 0, 0, 1, 1, 1},
                                  .to = {0.4F, 0, 0.2F, 0.2F, -1, 0},
                                  .weights = {1, 0.5F}};
    ASSERT_TRUE(WriteItemFactors(factors, folder_.path() / "factors.arr").ok());
    factors_ = *ItemFactors::Open(folder_.path() / "factors.arr", 3);
    inputs_ = {.catalog = &catalog_,
               .user_schema = &user_schema_,
               .context_schema = &context_schema_,
               .item_embeddings = embeddings_,
               .dim = 2,
               .neighbour_items = neighbour_items_,
               .neighbour_scores = neighbour_scores_,
               .neighbours = 2,
               .history_regression = &factors_,
               .next_regression = &factors_,
               .statistics = &statistics_};
  }

  FeatureSpec Spec(FeatureKind kind) const {
    Feature feature{.name = "f", .kind = kind};
    if (kind == FeatureKind::kItemAttribute || kind == FeatureKind::kHistoryAffinity ||
        kind == FeatureKind::kUserXItem || kind == FeatureKind::kContextXItem)
      feature.item_attribute = "genre";
    if (kind == FeatureKind::kItemNumber) feature.item_attribute = "year";
    if (kind == FeatureKind::kUserAttribute || kind == FeatureKind::kUserXItem)
      feature.user_attribute = "gender";
    if (kind == FeatureKind::kContextAttribute || kind == FeatureKind::kContextXItem)
      feature.context_attribute = "device";
    return {.features = {feature}};
  }

  // Index and value pairs of a candidate for a spec with one feature.
  std::vector<std::pair<uint32_t, float>> Values(FeatureKind kind, const Candidate& candidate,
                                                 size_t position = 0) {
    return Values(Spec(kind), candidate, position);
  }
  std::vector<std::pair<uint32_t, float>> Values(const FeatureSpec& spec,
                                                 const Candidate& candidate, size_t position = 0) {
    const auto extractor = FeatureExtractor::Create(spec, inputs_);
    EXPECT_TRUE(extractor.ok()) << extractor.status();
    const std::vector<Candidate> candidates(position + 1, candidate);
    std::vector<FeatureValue> values;
    extractor->Compute(extractor->Begin(user_, context_, candidates), position, values);
    std::vector<std::pair<uint32_t, float>> pairs;
    for (const FeatureValue& value : values) pairs.emplace_back(value.index, value.value);
    return pairs;
  }
  float Value(FeatureKind kind, const Candidate& candidate, size_t position = 0) {
    const auto values = Values(kind, candidate, position);
    EXPECT_EQ(values.size(), 1);
    return values.at(0).second;
  }

  const TemporaryFolder folder_;
  Catalog catalog_;
  ArrayFile schemas_;
  AttributeSchema user_schema_;
  AttributeSchema context_schema_;
  ItemStatistics statistics_;
  ItemFactors factors_;
  const std::vector<float> embeddings_ = {1, 0, 0.6F, 0.8F, 0, 1};
  const std::vector<ItemRow> neighbour_items_ = {1, 2, 0, kNoItem, kNoItem, kNoItem};
  const std::vector<float> neighbour_scores_ = {0.5F, 0.25F, 0.5F, 0, 0, 0};
  FeatureInputs inputs_;
  // A man who took item a, then b, on a tv.
  const EncodedUser user_{
      .user = kNoUser, .attribute_codes = {1}, .history = {{0, 0, 0}, {1, 0, 0}}};
  const EncodedContext context_{.time_ms = 0, .attribute_codes = {1}};
};

TEST_F(FeatureExtractorTest, RetrievalEvidenceIsTakenFromTheCandidate) {
  const Candidate candidate{2, 0.75F, SourceId::kSimilarToRecent};
  EXPECT_FLOAT_EQ(Value(FeatureKind::kTowerScore, candidate), 0.75F);
  EXPECT_FLOAT_EQ(Value(FeatureKind::kLogRank, candidate, 9), std::log(10.0F));
  EXPECT_THAT(Values(FeatureKind::kSource, candidate), testing::ElementsAre(testing::Pair(1, 1)));
}

TEST_F(FeatureExtractorTest, PopularityIsRelativeToTheAverageItem) {
  EXPECT_FLOAT_EQ(Value(FeatureKind::kLogPopularity, {0, 0, SourceId::kTwoTower}),
                  std::log(31.0F / (40.0F / 3 + 1)));
}

TEST_F(FeatureExtractorTest, LikeRateIsSmoothedWithTenAverageInteractions) {
  // Of all, 24 of 40 are liked.
  const auto rate = [&](ItemRow item) {
    return Value(FeatureKind::kLikeRate, {item, 0, SourceId::kTwoTower});
  };
  EXPECT_FLOAT_EQ(rate(0), (24 + 6) / 40.0F);
  EXPECT_FLOAT_EQ(rate(1), 6 / 20.0F);
  EXPECT_FLOAT_EQ(rate(2), 0.6F);
}

TEST_F(FeatureExtractorTest, CrossesHaveOneWeightForEveryPairOfValues) {
  // gender M is row 1, genre Drama column 1 of a 2 x 2 table.
  const Candidate drama{1, 0, SourceId::kTwoTower};
  EXPECT_THAT(Values(FeatureKind::kUserXItem, drama), testing::ElementsAre(testing::Pair(3, 1)));
  const Candidate comedy{0, 0, SourceId::kTwoTower};
  EXPECT_THAT(Values(FeatureKind::kContextXItem, comedy),
              testing::ElementsAre(testing::Pair(2, 1)));
  EXPECT_THAT(Values(FeatureKind::kItemAttribute, comedy),
              testing::ElementsAre(testing::Pair(0, 1)));
}

TEST_F(FeatureExtractorTest, AnItemWithoutTheAttributeHasNoEntry) {
  const Candidate unknown{2, 0, SourceId::kTwoTower};
  EXPECT_THAT(Values(FeatureKind::kItemAttribute, unknown), testing::IsEmpty());
  EXPECT_THAT(Values(FeatureKind::kUserXItem, unknown), testing::IsEmpty());
  EXPECT_THAT(Values(FeatureKind::kHistoryAffinity, unknown), testing::IsEmpty());
}

TEST_F(FeatureExtractorTest, AffinityComparesTheHistoryWithAllInteractions) {
  // One of two in the history is a drama; of all interactions, 10 of 40 (smoothed by one).
  const double share = 11.0 / 41;
  EXPECT_NEAR(Value(FeatureKind::kHistoryAffinity, {1, 0, SourceId::kTwoTower}),
              std::log((1 + 10 * share) / (12 * share)), 1e-5);
}

TEST_F(FeatureExtractorTest, CoOccurrenceSumsTheHistoryLaterItemsWeighingMore) {
  // Item a, one step back, has c with 0.25; b, the latest, does not.
  EXPECT_FLOAT_EQ(Value(FeatureKind::kCoOccurrence, {2, 0, SourceId::kTwoTower}),
                  0.25F * std::exp2(-1.0F / 20));
  EXPECT_FLOAT_EQ(Value(FeatureKind::kCoOccurrence, {0, 0, SourceId::kTwoTower}), 0.5F);
}

TEST_F(FeatureExtractorTest, RecentTowerScoreIsWhatTheTowerSaysOfTheLastFiveItemsAlone) {
  const EncodedUser user{
      .user = 7,
      .attribute_codes = {1},
      .history = {{0, 0, 0}, {2, 0, 0}, {1, 0, 0}, {1, 0, 0}, {1, 0, 0}, {1, 0, 0}}};
  EncodedUser shown;
  inputs_.user_vector = [&](const EncodedUser& of_late, const EncodedContext&) {
    shown = of_late;
    return std::vector<float>{0.5F, 0.5F};
  };
  const std::vector<Candidate> candidates = {{1, 0, SourceId::kTwoTower},
                                             {2, 0, SourceId::kTwoTower}};
  const auto extractor = FeatureExtractor::Create(Spec(FeatureKind::kRecentTowerScore), inputs_);
  ASSERT_TRUE(extractor.ok()) << extractor.status();
  EXPECT_THAT(extractor->Begin(user, context_, candidates).recent_tower_score,
              testing::ElementsAre(testing::FloatEq(0.7F), testing::FloatEq(0.5F)));
  EXPECT_EQ(shown.user, 7);
  EXPECT_EQ(shown.attribute_codes, user.attribute_codes);
  EXPECT_THAT(ItemsOf(shown), testing::ElementsAre(2, 1, 1, 1, 1));
}

TEST_F(FeatureExtractorTest, RegressionsAreSharesOfTheLargestAmongTheCandidates) {
  // The history's b, a at half the weight: (0, 1) + 0.5 (1, 0). Times each item's: 0.2, 0.3, -0.5.
  const std::vector<Candidate> candidates = {
      {0, 0, SourceId::kTwoTower}, {1, 0, SourceId::kTwoTower}, {2, 0, SourceId::kTwoTower}};
  for (const FeatureKind kind : {FeatureKind::kHistoryRegression, FeatureKind::kNextRegression}) {
    const auto extractor = FeatureExtractor::Create(Spec(kind), inputs_);
    ASSERT_TRUE(extractor.ok()) << extractor.status();
    const auto request = extractor->Begin(user_, context_, candidates);
    std::vector<float> values;
    for (size_t position = 0; position < candidates.size(); ++position) {
      std::vector<FeatureValue> value;
      extractor->Compute(request, position, value);
      values.push_back(value.at(0).value);
    }
    EXPECT_THAT(values,
                testing::Pointwise(testing::FloatNear(0.02F), {0.2F / 0.3F, 1.0F, -0.5F / 0.3F}));
    // What speaks most for the first is item a, 0.5 x 0.4; for the second b; for the third none.
    EXPECT_EQ(extractor->Describe(request, 0, 0), "Alpha");
    EXPECT_EQ(extractor->Describe(request, 1, 0), "Beta");
    EXPECT_EQ(extractor->Describe(request, 2, 0), "none");
  }
}

TEST_F(FeatureExtractorTest, ARegressionThatExpectsNothingIsZero) {
  EXPECT_EQ(Value(FeatureKind::kNextRegression, {2, 0, SourceId::kTwoTower}), 0);
}

TEST_F(FeatureExtractorTest, ARegressionThatTheBundleDoesNotHaveIsRefused) {
  const ItemFactors none;
  inputs_.next_regression = &none;
  const auto extractor = FeatureExtractor::Create(Spec(FeatureKind::kNextRegression), inputs_);
  EXPECT_EQ(extractor.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(extractor.status().message()), testing::HasSubstr("feature f"));
}

TEST_F(FeatureExtractorTest, NumbersAreStandardised) {
  FeatureSpec spec = Spec(FeatureKind::kTowerScore);
  spec.features[0].mean = 0.5F;
  spec.features[0].deviation = 0.1F;
  const auto extractor = FeatureExtractor::Create(spec, inputs_);
  ASSERT_TRUE(extractor.ok());
  std::vector<FeatureValue> values;
  const Candidate candidate{0, 0.7F, SourceId::kTwoTower};
  extractor->Compute(extractor->Begin(user_, context_, {&candidate, 1}), 0, values);
  EXPECT_NEAR(values[0].value, 2, 1e-5);
}

TEST_F(FeatureExtractorTest, UserAndContextHaveOneWeightForEveryValue) {
  const Candidate candidate{0, 0, SourceId::kTwoTower};
  EXPECT_THAT(Values(FeatureKind::kUserAttribute, candidate),
              testing::ElementsAre(testing::Pair(1, 1)));
  EXPECT_THAT(Values(FeatureKind::kContextAttribute, candidate),
              testing::ElementsAre(testing::Pair(1, 1)));
}

TEST_F(FeatureExtractorTest, ANumberIsTakenAsItIsOrItsLogarithmOrItsBucket) {
  const Candidate of_1990{0, 0, SourceId::kTwoTower};
  const Candidate of_2010{1, 0, SourceId::kTwoTower};
  FeatureSpec spec = Spec(FeatureKind::kItemNumber);
  EXPECT_THAT(Values(spec, of_1990), testing::ElementsAre(testing::Pair(0, 1990)));
  spec.features[0].transform = FeatureTransform::kLog;
  EXPECT_THAT(Values(spec, of_1990), testing::ElementsAre(testing::Pair(0, std::log1p(1990.0F))));
  spec.features[0].transform = FeatureTransform::kBuckets;
  spec.features[0].bucket_edges = {1950, 1990, 2000};
  EXPECT_THAT(Values(spec, of_1990), testing::ElementsAre(testing::Pair(2, 1)));
  EXPECT_THAT(Values(spec, of_2010), testing::ElementsAre(testing::Pair(3, 1)));
}

TEST_F(FeatureExtractorTest, AMissingNumberHasNoEntryWhateverItsTransform) {
  const Candidate unknown{2, 0, SourceId::kTwoTower};
  FeatureSpec spec = Spec(FeatureKind::kItemNumber);
  EXPECT_THAT(Values(spec, unknown), testing::IsEmpty());
  spec.features[0].transform = FeatureTransform::kLog;
  EXPECT_THAT(Values(spec, unknown), testing::IsEmpty());
  spec.features[0].transform = FeatureTransform::kBuckets;
  spec.features[0].bucket_edges = {2000};
  EXPECT_THAT(Values(spec, unknown), testing::IsEmpty());
}

TEST_F(FeatureExtractorTest, HashedValuesShareAsManyWeightsAsAsked) {
  for (const FeatureKind kind : {FeatureKind::kItemAttribute, FeatureKind::kUserXItem}) {
    FeatureSpec spec = Spec(kind);
    spec.features[0].hash_size = 3;
    const auto extractor = FeatureExtractor::Create(spec, inputs_);
    ASSERT_TRUE(extractor.ok());
    EXPECT_EQ(extractor->width(), 3);
    const auto values = Values(spec, {1, 0, SourceId::kTwoTower});
    ASSERT_EQ(values.size(), 1);
    EXPECT_LT(values[0].first, 3);
    EXPECT_EQ(values, Values(spec, {1, 0, SourceId::kTwoTower}));
  }
}

TEST_F(FeatureExtractorTest, ValuesThatShareAWeightAreCounted) {
  FeatureSpec spec = Spec(FeatureKind::kUserXItem);
  auto shared = [&](uint32_t hash_size) {
    spec.features[0].hash_size = hash_size;
    return FeatureExtractor::Create(spec, inputs_)->SharedValues(0);
  };
  EXPECT_EQ(shared(0), 0);
  EXPECT_EQ(shared(1), 1);
  // By the indices themselves: of the four pairs, one shares its weight when another has the same.
  std::set<double> seen;
  for (const uint32_t hash_size : {2U, 3U, 4U, 5U, 6U, 7U, 8U}) {
    spec.features[0].hash_size = hash_size;
    const auto extractor = FeatureExtractor::Create(spec, inputs_);
    std::map<uint32_t, int> pairs;
    for (uint32_t cell = 0; cell < 4; ++cell) ++pairs[extractor->IndexOfCell(0, cell)];
    double alone = 0;
    for (const auto& [index, count] : pairs) alone += count == 1;
    EXPECT_EQ(shared(hash_size), 1 - alone / 4) << hash_size;
    seen.insert(alone);
  }
  EXPECT_GT(seen.size(), 1);
}

TEST_F(FeatureExtractorTest, TheSourceOfAPinnedCandidateIsMissing) {
  EXPECT_THAT(Values(FeatureKind::kSource, {1, 0, SourceId::kPinned}), testing::IsEmpty());
}

TEST_F(FeatureExtractorTest, DescribesWhatAValueRestsOn) {
  const auto extractor = FeatureExtractor::Create(Spec(FeatureKind::kCoOccurrence), inputs_);
  ASSERT_TRUE(extractor.ok());
  const Candidate candidate{2, 0, SourceId::kTwoTower};
  const auto request = extractor->Begin(user_, context_, {&candidate, 1});
  EXPECT_EQ(extractor->Describe(request, 0, 0), "Alpha");
}

TEST_F(FeatureExtractorTest, ANewUserHasNeutralHistoryFeatures) {
  const auto extractor = FeatureExtractor::Create(Spec(FeatureKind::kCoOccurrence), inputs_);
  const EncodedUser nobody;
  const EncodedContext nowhere;
  std::vector<FeatureValue> values;
  const Candidate candidate{0, 0, SourceId::kPopular};
  extractor->Compute(extractor->Begin(nobody, nowhere, {&candidate, 1}), 0, values);
  EXPECT_EQ(values[0].value, 0);
}

TEST_F(FeatureExtractorTest, SpecsThatDoNotFitAreRefusedByName) {
  auto message = [&](FeatureSpec spec) {
    const auto extractor = FeatureExtractor::Create(std::move(spec), inputs_);
    EXPECT_EQ(extractor.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(extractor.status().message());
  };
  FeatureSpec unknown = Spec(FeatureKind::kUserXItem);
  unknown.features[0].user_attribute = "height";
  EXPECT_THAT(message(unknown),
              testing::AllOf(testing::HasSubstr("feature f"), testing::HasSubstr("height")));
  FeatureSpec twice = Spec(FeatureKind::kTowerScore);
  twice.features.push_back(twice.features[0]);
  EXPECT_THAT(message(twice), testing::HasSubstr("more than once"));
  FeatureSpec flat = Spec(FeatureKind::kTowerScore);
  flat.features[0].deviation = 0;
  EXPECT_THAT(message(flat), testing::HasSubstr("deviation"));
  EXPECT_THAT(message(Spec(static_cast<FeatureKind>(99))), testing::HasSubstr("kind"));
  FeatureSpec words = Spec(FeatureKind::kItemNumber);
  words.features[0].item_attribute = "genre";
  EXPECT_THAT(message(words), testing::HasSubstr("\"genre\" is not a number"));
  FeatureSpec wide = Spec(FeatureKind::kUserXItem);
  wide.features[0].hash_size = 4'000'000'000;
  EXPECT_THAT(message(wide), testing::HasSubstr("hash_size"));
}

TEST_F(FeatureExtractorTest, AHashedCrossOfMorePairsThanHaveNumbersIsRefused) {
  AttributeFieldData field{.name = "genre", .type = AttributeType::kTokens};
  for (int i = 0; i < (1 << 16) + 1; ++i) field.values.push_back(std::to_string(i));
  CatalogData data;
  data.ids = {"a"};
  data.titles = {""};
  data.schema = {field};
  data.code_offsets = {0, 0};
  data.interaction_counts = {0};
  ASSERT_TRUE(WriteCatalog(data, folder_.path() / "large.arr").ok());
  const Catalog catalog = *Catalog::Open(folder_.path() / "large.arr");
  ArrayFileWriter writer;
  field.name = "gender";
  AddAttributeSchema(writer, "user", {field});
  ASSERT_TRUE(writer.Write(folder_.path() / "large_schema.arr").ok());
  const ArrayFile file = *ArrayFile::Open(folder_.path() / "large_schema.arr");
  const AttributeSchema users = *AttributeSchema::Open(file, "user");
  inputs_.catalog = &catalog;
  inputs_.user_schema = &users;
  FeatureSpec spec = Spec(FeatureKind::kUserXItem);
  spec.features[0].hash_size = 10;
  const absl::Status status = FeatureExtractor::Create(spec, inputs_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("4295098369 values"));
}

TEST_F(FeatureExtractorTest, FingerprintDependsOnEverythingInTheSpec) {
  FeatureSpec spec = Spec(FeatureKind::kTowerScore);
  const uint64_t before = spec.Fingerprint();
  EXPECT_EQ(Spec(FeatureKind::kTowerScore).Fingerprint(), before);
  spec.features[0].mean = 1;
  EXPECT_NE(spec.Fingerprint(), before);
}

}  // namespace
}  // namespace shortlist
