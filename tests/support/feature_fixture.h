// Features of a small, made-up catalog whose values can be computed by hand.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "features/feature_extractor.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {

// Three items: a comedy of 1990, a drama of 2010, and one of which nothing is known.
class FeatureExtractorTest : public testing::Test {
 protected:
  void SetUp() override { SetUpWithYears({1990, 2010, NAN}); }
  void SetUpWithYears(const std::vector<double>& years) {
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
    data.numbers = {years};
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
               .neighbour_weights = neighbour_weights_,
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

  // The number of each candidate of a request, for a spec with one feature.
  std::vector<float> ColumnOf(FeatureKind kind, const std::vector<Candidate>& candidates) {
    const auto extractor = FeatureExtractor::Create(Spec(kind), inputs_);
    EXPECT_TRUE(extractor.ok()) << extractor.status();
    const auto request = extractor->Begin(user_, context_, candidates);
    std::vector<float> numbers;
    for (size_t position = 0; position < candidates.size(); ++position) {
      std::vector<FeatureValue> value;
      extractor->Compute(request, position, value);
      numbers.push_back(value.at(0).value);
    }
    return numbers;
  }

  // What an explanation says of the candidate for a spec with one feature.
  std::string Described(FeatureKind kind, const Candidate& candidate) {
    const auto extractor = FeatureExtractor::Create(Spec(kind), inputs_);
    EXPECT_TRUE(extractor.ok()) << extractor.status();
    return extractor->Describe(extractor->Begin(user_, context_, {&candidate, 1}), 0, 0);
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
  const std::vector<float> neighbour_weights_ = {1, 0.5F, 0.25F};
  FeatureInputs inputs_;
  // A man who took item a, then b, on a tv.
  EncodedUser user_{.user = kNoUser, .attribute_codes = {1}, .history = {{0, 0, 0}, {1, 0, 0}}};
  EncodedContext context_{.time_ms = 0, .attribute_codes = {1}};
};

}  // namespace shortlist
