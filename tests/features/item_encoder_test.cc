#include "features/item_encoder.h"

#include <cmath>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class ItemEncoderTest : public testing::Test {
 protected:
  void SetUp() override {
    ArrayFileWriter writer;
    AddAttributeSchema(
        writer, "schema",
        {{.name = "genre", .type = AttributeType::kTokens, .values = {"Comedy", "Drama"}},
         {.name = "language", .type = AttributeType::kToken, .values = {"en"}},
         {.name = "year",
          .type = AttributeType::kNumber,
          .values = {"..2000", "2000.."},
          .bucket_edges = {2000}},
         {.name = "price", .type = AttributeType::kNumber, .values = {}}});
    file_ = *ArrayFile::InMemory(writer, "schema");
    schema_ = *AttributeSchema::Open(file_, "schema");
  }

  std::string Refusal(const std::vector<NamedAttribute>& attributes) {
    const absl::Status status = CheckItemAttributes(attributes, schema_, {nullptr, "item"});
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    // Where it is not looked at, what is refused is left out.
    const EncodedItem item = EncodeItem("", attributes, schema_);
    EXPECT_TRUE(std::is_sorted(item.codes.begin(), item.codes.end()));
    return std::string(status.message());
  }

  ArrayFile file_;
  AttributeSchema schema_;
};

TEST_F(ItemEncoderTest, EncodesWhatTheSchemaKnowsAndKeepsOtherValues) {
  const std::vector<NamedAttribute> attributes = {
      {"year", {"1995"}}, {"genre", {"Western", "Drama", "Comedy", "Drama"}}, {"language", {"fr"}}};
  EXPECT_TRUE(CheckItemAttributes(attributes, schema_, {nullptr, "item"}).ok());
  const EncodedItem item = EncodeItem("Title", attributes, schema_);
  EXPECT_EQ(item.title, "Title");
  EXPECT_THAT(item.codes, ElementsAre(0, 1, 3));
  ASSERT_EQ(item.numbers.size(), 4u);
  EXPECT_EQ(item.numbers[2], 1995);
  EXPECT_TRUE(std::isnan(item.numbers[3]));
  EXPECT_THAT(item.uncoded, ElementsAre(Pair(0, "Western"), Pair(1, "fr")));
}

TEST_F(ItemEncoderTest, KeepsANumberOfAFieldWithoutBuckets) {
  const EncodedItem item = EncodeItem("", {{"price", {"9.5"}}}, schema_);
  EXPECT_EQ(item.numbers[3], 9.5);
  EXPECT_THAT(item.codes, IsEmpty());
}

TEST_F(ItemEncoderTest, NamesWhatDoesNotFit) {
  EXPECT_THAT(Refusal({{"genre", {"Drama"}}, {"colour", {"red"}}}),
              HasSubstr("item.attributes[1].name: unknown item attribute \"colour\"; the catalog "
                        "has: genre, language, year, price"));
  EXPECT_THAT(Refusal({{"genre", {}}, {"genre", {}}}), HasSubstr("item.attributes[1].name"));
  EXPECT_THAT(Refusal({{"language", {"en", "fr"}}}), HasSubstr("item.attributes[0].values"));
  EXPECT_THAT(Refusal({{"genre", {"Drama", ""}}}), HasSubstr("item.attributes[0].values[1]"));
  for (const char* number : {"old", "inf", "nan", "1e999"})
    EXPECT_THAT(Refusal({{"year", {number}}}), HasSubstr("item.attributes[0].values[0]")) << number;
}

}  // namespace
}  // namespace shortlist
