#include "features/attribute_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

class AttributeSchemaTest : public testing::Test {
 protected:
  absl::StatusOr<AttributeSchema> WriteAndOpen(const std::vector<AttributeFieldData>& fields) {
    ArrayFileWriter writer;
    AddAttributeSchema(writer, "schema", fields);
    const std::filesystem::path path = folder_.path() / "schema.arr";
    if (absl::Status status = writer.Write(path); !status.ok()) return status;
    absl::StatusOr<ArrayFile> file = ArrayFile::Open(path);
    if (!file.ok()) return file.status();
    file_ = *file;
    return AttributeSchema::Open(file_, "schema");
  }

  const TemporaryFolder folder_;
  ArrayFile file_;
};

const std::vector<AttributeFieldData> kFields = {
    {.name = "genre",
     .type = AttributeType::kTokens,
     .values = {"Comedy", "Drama"},
     .bucket_edges = {}},
    {.name = "year",
     .type = AttributeType::kNumber,
     .values = {"..1979", "1980..1999", "2000.."},
     .bucket_edges = {1980, 2000}},
};

TEST_F(AttributeSchemaTest, CodesAreDenseOverAllFields) {
  const auto schema = WriteAndOpen(kFields);
  ASSERT_TRUE(schema.ok()) << schema.status();
  EXPECT_EQ(schema->code_count(), 5);
  const auto& genre = *schema->FindField("genre");
  const auto& year = *schema->FindField("year");
  EXPECT_EQ(schema->Encode(genre, "Drama"), 1);
  EXPECT_EQ(schema->Encode(genre, "Opera"), std::nullopt);
  EXPECT_EQ(schema->FieldOf(1), 0);
  EXPECT_EQ(schema->FieldOf(2), 1);
  EXPECT_EQ(schema->CodeName(1), "genre=Drama");
  EXPECT_EQ(year.first_code, 2);
  EXPECT_EQ(schema->FindField("colour"), nullptr);
}

TEST_F(AttributeSchemaTest, NumbersFallIntoBucketsAndBucketsHaveNames) {
  const auto schema = WriteAndOpen(kFields);
  ASSERT_TRUE(schema.ok()) << schema.status();
  const auto& year = *schema->FindField("year");
  EXPECT_EQ(schema->Encode(year, "1979"), 2);
  EXPECT_EQ(schema->Encode(year, "1980"), 3);
  EXPECT_EQ(schema->Encode(year, "1999.5"), 3);
  EXPECT_EQ(schema->Encode(year, "2000"), 4);
  EXPECT_EQ(schema->Encode(year, "1980..1999"), 3);
  EXPECT_EQ(schema->Encode(year, "nineteen"), std::nullopt);
  EXPECT_EQ(schema->Encode(year, "nan"), std::nullopt);
  EXPECT_EQ(schema->EncodeNumber(year, INFINITY), std::nullopt);
}

TEST_F(AttributeSchemaTest, EdgesThatDoNotFitTheBucketsAreRefused) {
  std::vector<AttributeFieldData> fields = kFields;
  fields[1].bucket_edges = {1980};
  EXPECT_THAT(std::string(WriteAndOpen(fields).status().message()), testing::HasSubstr("year"));
  fields[1].bucket_edges = {2000, 1980};
  EXPECT_THAT(std::string(WriteAndOpen(fields).status().message()), testing::HasSubstr("year"));
}

}  // namespace
}  // namespace shortlist
