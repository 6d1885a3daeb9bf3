#include "retrieval/content/content_projection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "features/item_factors.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<int8_t> Encoded(const std::vector<std::vector<float>>& rows) {
  std::vector<int8_t> encoded;
  for (const std::vector<float>& row : rows) {
    std::vector<int8_t> bytes(FactorRowSize(row.size()));
    EncodeFactors(row, bytes);
    encoded.insert(encoded.end(), bytes.begin(), bytes.end());
  }
  return encoded;
}

// Two codes of one field and one of another: an embedding of two numbers, and what a history tells
// of one.
ContentProjectionData ProjectionData() {
  ContentProjectionData data;
  data.features = {.field_begin = {0, 3}, .code_rows = {0, 1, kNoContentRow, 2}, .vector_dim = 0};
  data.tables[0] = {2, Encoded({{1, 1}, {2, 0}, {-1, -1}, {0, 3}})};
  data.tables[3] = {1, Encoded({{10}, {1}, {2}, {3}})};
  return data;
}

class ContentProjectionTest : public ::testing::Test {
 protected:
  absl::StatusOr<ContentProjection> WriteAndOpen(const ContentProjectionData& data,
                                                 uint32_t code_count = 4) {
    RETURN_IF_ERROR(WriteContentProjection(data, folder_ / "content.arr"));
    return ContentProjection::Open(folder_ / "content.arr", code_count);
  }
  TemporaryFolder folder_;
};

TEST_F(ContentProjectionTest, AddsUpWhatTheFeaturesSay) {
  const ContentProjection content = WriteAndOpen(ProjectionData()).value();
  EXPECT_EQ(content.dim(0), 2u);
  EXPECT_EQ(content.dim(1), 0u);
  const std::vector<uint32_t> codes = {0, 3};
  const std::optional<ProjectedItem> item = content.Project({.codes = codes});
  ASSERT_TRUE(item);
  // (1, 1) + (2, 0) + (0, 3), of length 1.
  EXPECT_THAT(item->embedding, ElementsAre(FloatNear(0.6F, 0.01F), FloatNear(0.8F, 0.01F)));
  EXPECT_THAT(item->history_to, ElementsAre(FloatNear(14, 0.01F)));
  EXPECT_THAT(item->history, IsEmpty());
  EXPECT_THAT(item->history_from, IsEmpty());
  EXPECT_THAT(item->next_from, IsEmpty());
  EXPECT_THAT(item->next_to, IsEmpty());
}

TEST_F(ContentProjectionTest, KnowsNothingOfAnItemOfUnknownContent) {
  const ContentProjection content = WriteAndOpen(ProjectionData()).value();
  const std::vector<uint32_t> codes = {2};
  EXPECT_FALSE(content.Project({.codes = codes}));
  EXPECT_FALSE(content.Project({}));
}

TEST_F(ContentProjectionTest, GivesAnEmbeddingOfLengthOneWhereFeaturesCancelOut) {
  ContentProjectionData data = ProjectionData();
  data.tables[0].rows = Encoded({{127, 127}, {0, 0}, {-127, -127}, {0, 0}});
  const ContentProjection content = WriteAndOpen(data).value();
  const std::vector<uint32_t> codes = {1};
  const std::optional<ProjectedItem> item = content.Project({.codes = codes});
  ASSERT_TRUE(item);
  EXPECT_THAT(item->embedding, ElementsAre(1, 0));
}

TEST_F(ContentProjectionTest, RefusesAFileOfAnotherCatalogOrWithoutSoundNumbersAndNamesIt) {
  ContentProjectionData not_finite = ProjectionData(), without = ProjectionData(),
                        short_table = ProjectionData();
  const float infinity = INFINITY;
  std::memcpy(not_finite.tables[3].rows.data() + 1, &infinity, sizeof infinity);
  without.tables[0] = {};
  short_table.tables[0].rows.resize(FactorRowSize(2));
  const absl::Status faults[] = {WriteAndOpen(ProjectionData(), 3).status(),
                                 WriteAndOpen(not_finite).status(), WriteAndOpen(without).status(),
                                 WriteAndOpen(short_table).status()};
  for (const absl::Status& status : faults) {
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("content.arr"));
  }
}

}  // namespace
}  // namespace shortlist
