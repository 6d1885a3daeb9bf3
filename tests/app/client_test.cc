#include "app/client.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shortlist/v1/recommender.pb.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

TEST(ParseAttribute, HasANameAndAnyNumberOfValues) {
  EXPECT_EQ(ParseAttribute("genre=Comedy|a=b")->ShortDebugString(),
            R"(name: "genre" values: "Comedy" values: "a=b")");
  EXPECT_EQ(ParseAttribute("genre=")->ShortDebugString(), R"(name: "genre")");
  EXPECT_EQ(ParseAttribute("genre").status().message(), "--attribute genre: not NAME=VALUE");
}

TEST(ParseFilter, UnderstandsValuesRangesAndWhatMustNotBe) {
  const auto filter =
      ParseFilter({"genre=Comedy|Drama", "year=1990..1999", "!genre=Horror", "price=..2.5"});
  ASSERT_TRUE(filter.ok()) << filter.status();
  ASSERT_EQ(filter->all_of_size(), 3);
  EXPECT_EQ(filter->all_of(0).attribute(), "genre");
  EXPECT_THAT(filter->all_of(0).any_value().values(), ::testing::ElementsAre("Comedy", "Drama"));
  EXPECT_EQ(filter->all_of(1).range().min(), 1990);
  EXPECT_EQ(filter->all_of(1).range().max(), 1999);
  EXPECT_FALSE(filter->all_of(2).range().has_min());
  EXPECT_EQ(filter->all_of(2).range().max(), 2.5);
  ASSERT_EQ(filter->none_of_size(), 1);
  EXPECT_THAT(filter->none_of(0).any_value().values(), ::testing::ElementsAre("Horror"));
}

TEST(ParseFilter, KeepsEqualSignsInValues) {
  EXPECT_EQ(ParseFilter({"title=a=b"})->all_of(0).any_value().values(0), "a=b");
}

TEST(ParseFilter, NamesTheConditionItDoesNotUnderstand) {
  auto error = [](const std::string& condition) {
    return std::string(ParseFilter({condition}).status().message());
  };
  EXPECT_EQ(error("genre"), "--filter genre: not of the form ATTRIBUTE=VALUE");
  EXPECT_EQ(error("=x"), "--filter =x: not of the form ATTRIBUTE=VALUE");
  EXPECT_EQ(error("!genre="), "--filter !genre=: not of the form ATTRIBUTE=VALUE");
  EXPECT_EQ(error("year=a..2"), "--filter year=a..2: \"a\" is not a number");
}

TEST(ClientStatus, SaysHowToStartAServiceThatIsNotThere) {
  const absl::Status status =
      ClientStatus({grpc::StatusCode::UNAVAILABLE, "refused"}, "127.0.0.1:1");
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("no answer from the service at 127.0.0.1:1 (refused)"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("shortlist serve --models DIR"));
  EXPECT_TRUE(ClientStatus(grpc::Status::OK, "x").ok());
  const absl::Status invalid =
      ClientStatus({grpc::StatusCode::INVALID_ARGUMENT, "count: is 0"}, "x");
  EXPECT_EQ(invalid, absl::InvalidArgumentError("count: is 0"));
}

TEST(ToJson, NamesFieldsAsTheProtoFileDoes) {
  v1::RecommendRequest request;
  request.set_user_id("u");
  EXPECT_THAT(*ToJson(request), HasSubstr("\"user_id\": \"u\""));
}

}  // namespace
}  // namespace shortlist
