#include "retrieval/content/content_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <optional>

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Two fields, of codes 0 to 2 and 3 to 4; training has not seen code 1.
ContentFeaturesData TestData() {
  return {.field_begin = {0, 3}, .code_rows = {0, kNoContentRow, 1, 2, 3}, .vector_dim = 2};
}

class ContentFeaturesTest : public ::testing::Test {
 protected:
  absl::StatusOr<ContentFeatures> Open(const ContentFeaturesData& data) {
    ArrayFileWriter writer;
    AddContentFeatures(writer, data);
    file_.emplace(ArrayFile::InMemory(writer, "features.arr").value());
    return ContentFeatures::Open(*file_);
  }
  std::optional<ArrayFile> file_;
};

TEST_F(ContentFeaturesTest, SharesALengthOfOneWithinAFieldAndInAVector) {
  const ContentFeatures features = Open(TestData()).value();
  EXPECT_EQ(features.row_count(), 6u);
  EXPECT_EQ(features.code_count(), 5u);
  const float half = 1 / std::sqrt(2.0F);
  const std::vector<uint32_t> codes = {0, 2, 4};
  const std::vector<float> vector = {3, -4};
  EXPECT_THAT(features.Encode({.codes = codes, .vector = vector}),
              ElementsAre(ContentFeature{0, half}, ContentFeature{1, half}, ContentFeature{3, 1},
                          ContentFeature{4, 0.6F}, ContentFeature{5, -0.8F}));
}

TEST_F(ContentFeaturesTest, LeavesOutWhatTrainingHasNotSeen) {
  const ContentFeatures features = Open(TestData()).value();
  const std::vector<uint32_t> codes = {0, 1, 99};
  EXPECT_THAT(features.Encode({.codes = codes}), ElementsAre(ContentFeature{0, 1}));
  const std::vector<uint32_t> unknown = {1};
  const std::vector<float> zeros = {0, 0}, longer = {1, 2, 3}, infinite = {INFINITY, 0};
  for (const std::vector<float>& vector : {zeros, longer, infinite})
    EXPECT_THAT(features.Encode({.codes = unknown, .vector = vector}), IsEmpty());
  EXPECT_THAT(features.Encode({}), IsEmpty());
}

TEST_F(ContentFeaturesTest, MayKnowNothing) {
  const ContentFeatures features = Open({}).value();
  EXPECT_EQ(features.row_count(), 0u);
  const std::vector<float> vector = {1};
  EXPECT_THAT(features.Encode({.vector = vector}), IsEmpty());
}

TEST_F(ContentFeaturesTest, RefusesRowsThatAreNotInTheirOrderAndNamesTheFile) {
  ContentFeaturesData skips = TestData(), fields = TestData(), none = TestData();
  skips.code_rows[4] = 5;
  fields.field_begin = {3, 0};
  none.field_begin.clear();
  for (const ContentFeaturesData& data : {skips, fields, none}) {
    const absl::Status status = Open(data).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()), HasSubstr("features.arr"));
  }
}

}  // namespace
}  // namespace shortlist
