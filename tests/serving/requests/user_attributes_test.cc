#include "serving/requests/user_attributes.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

// "OK", or what is wrong.
std::string Check(const std::vector<std::pair<std::string, std::vector<std::string>>>& given) {
  google::protobuf::RepeatedPtrField<v1::Attribute> attributes;
  for (const auto& [name, values] : given) {
    v1::Attribute& attribute = *attributes.Add();
    attribute.set_name(name);
    attribute.mutable_values()->Assign(values.begin(), values.end());
  }
  const absl::Status status =
      CheckUserAttributes(attributes, SharedTestModels().bundle()->requests.users(), nullptr);
  if (status.ok()) return "OK";
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  return std::string(status.message());
}

TEST(UserAttributes, AreThoseThatTheModelKnows) {
  EXPECT_EQ(Check({}), "OK");
  EXPECT_EQ(Check({{"gender", {"F"}}}), "OK");
  EXPECT_EQ(Check({{"gender", {}}}), "OK");
  EXPECT_EQ(Check({{"gender", {"F"}}, {"shoe size", {"44"}}}),
            "attributes[1].name: unknown user attribute \"shoe size\"; the model knows: gender");
}

TEST(UserAttributes, HaveOneValueWhereThereCanBeOnlyOne) {
  EXPECT_EQ(Check({{"gender", {"F", "M"}}}),
            "attributes[0].values: \"gender\" has one value at most");
  EXPECT_EQ(Check({{"gender", {"F"}}, {"gender", {"M"}}}),
            "attributes[1].name: \"gender\" has one value at most and is there twice");
}

TEST(UserAttributes, ATimeZoneIsKnownToEveryModel) {
  EXPECT_EQ(Check({{"time_zone", {"Europe/Berlin"}}}), "OK");
  EXPECT_EQ(Check({{"time_zone", {}}}), "OK");
  EXPECT_EQ(Check({{"time_zone", {"Mars"}}}), "attributes[0].values[0]: \"Mars\" is no time zone");
  EXPECT_EQ(Check({{"time_zone", {"+01:00", "+02:00"}}}),
            "attributes[0].values: \"time_zone\" has one value at most");
}

}  // namespace
}  // namespace shortlist
