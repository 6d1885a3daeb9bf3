#include "features/request_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace shortlist {
namespace {

ArrayFileWriter Written() {
  ArrayFileWriter writer;
  const std::vector<std::string> users = {"anna", "bert"};
  AddRequestSchema(writer, users, {{.name = "gender", .values = {"F", "M"}, .bucket_edges = {}}},
                   {{.name = "device", .values = {"phone"}, .bucket_edges = {}}});
  return writer;
}

TEST(RequestSchema, KnowsTheUsersAndTheAttributesOfUsersAndContexts) {
  const ArrayFile file = ArrayFile::InMemory(Written(), "test").value();
  const RequestSchema schema = RequestSchema::Open(file).value();
  EXPECT_EQ(schema.user_count(), 2u);
  EXPECT_EQ(schema.FindUser("bert"), 1u);
  EXPECT_EQ(schema.FindUser("carl"), std::nullopt);
  EXPECT_EQ(schema.users().FieldNames(), "gender");
  EXPECT_EQ(schema.contexts().FieldNames(), "device");
}

TEST(RequestSchema, OutlivesTheFileThatItWasOpenedFrom) {
  const RequestSchema schema =
      RequestSchema::Open(ArrayFile::InMemory(Written(), "test").value()).value();
  EXPECT_EQ(schema.FindUser("anna"), 0u);
}

TEST(RequestSchema, NamesTheArrayThatIsMissing) {
  const absl::StatusOr<ArrayFile> empty = ArrayFile::InMemory(ArrayFileWriter(), "towers.arr");
  const absl::Status status = RequestSchema::Open(*empty).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("towers.arr: array users"));
}

}  // namespace
}  // namespace shortlist
