#include "features/feature_extractor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

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
    for (uint32_t cell = 0; cell < 4; ++cell) ++pairs[extractor->slots()[0].IndexOfCell(cell)];
    double alone = 0;
    for (const auto& [index, count] : pairs) alone += count == 1;
    EXPECT_EQ(shared(hash_size), 1 - alone / 4) << hash_size;
    seen.insert(alone);
  }
  EXPECT_GT(seen.size(), 1);
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

}  // namespace
}  // namespace shortlist
