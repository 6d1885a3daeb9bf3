#include "features/request_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "data/past_request.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Bundle& TestBundle() { return *SharedTestModels().bundle(); }
const RequestEncoder& Encoder() { return *TestBundle().encoder; }

std::vector<std::string> Names(const AttributeSchema& schema, const std::vector<uint32_t>& codes) {
  std::vector<std::string> names;
  for (uint32_t code : codes) names.push_back(schema.CodeName(code));
  return names;
}

std::vector<std::string> ContextNames(const RequestContext& context, const UserState& user = {}) {
  return Names(TestBundle().requests.contexts(), Encoder().Encode(context, user).attribute_codes);
}

TEST(RequestEncoder, TurnsIdsIntoRowsInTheOrderOfTheHistory) {
  UserState state;
  for (const char* id : {"i7", "i3", "i7"}) state.history.push_back({.item_id = id});
  state.history[1].time_ms = 123;
  state.history[1].value = 4.5F;
  const EncodedUser user = Encoder().Encode(state);
  ASSERT_THAT(user.history, SizeIs(3));
  EXPECT_EQ(TestBundle().catalog.id(user.history[0].item), "i7");
  EXPECT_EQ(TestBundle().catalog.id(user.history[1].item), "i3");
  EXPECT_EQ(user.history[1].time_ms, 123);
  EXPECT_EQ(user.history[1].value, 4.5F);
}

TEST(RequestEncoder, LeavesOutItemsThatTheBundleDoesNotKnow) {
  UserState state;
  for (const char* id : {"nothing", "i3", ""}) state.history.push_back({.item_id = id});
  EXPECT_EQ(ItemsOf(Encoder().Encode(state)),
            std::vector<ItemRow>{*TestBundle().catalog.FindItem("i3")});
}

TEST(RequestEncoder, KnowsTheUsersOfTrainingAndNoOthers) {
  UserState state;
  EXPECT_EQ(Encoder().Encode(state).user, kNoUser);
  state.user_id = "nobody";
  EXPECT_EQ(Encoder().Encode(state).user, kNoUser);
  state.user_id = "u5";
  EXPECT_EQ(Encoder().Encode(state).user, TestBundle().requests.FindUser("u5"));
}

TEST(RequestEncoder, DoesNotUseTheIdOfAUserWhoIsForgotten) {
  const UserState state{.user_id = "u5", .is_forgotten = true};
  EXPECT_EQ(Encoder().Encode(state).user, kNoUser);
}

TEST(RequestEncoder, EncodesKnownValuesOfKnownAttributes) {
  UserState state;
  state.attributes.push_back({.name = "shoe size", .values = {"44"}});
  state.attributes.push_back({.name = "gender", .values = {"M"}});
  EXPECT_THAT(Names(TestBundle().requests.users(), Encoder().Encode(state).attribute_codes),
              ElementsAre("gender=M"));
  UserState unknown_value;
  unknown_value.attributes.push_back({.name = "gender", .values = {"X"}});
  EXPECT_THAT(Encoder().Encode(unknown_value).attribute_codes, IsEmpty());
}

TEST(RequestEncoder, TakesTheFirstKnownValueWhereThereCanBeOnlyOne) {
  UserState state;
  state.attributes.push_back({.name = "gender", .values = {"X", "M", "F"}});
  EXPECT_THAT(Names(TestBundle().requests.users(), Encoder().Encode(state).attribute_codes),
              ElementsAre("gender=M"));
}

TEST(RequestEncoder, NamesACodeOnce) {
  UserState state;
  state.attributes.push_back({.name = "gender", .values = {"M"}});
  state.attributes.push_back({.name = "gender", .values = {"M"}});
  EXPECT_THAT(Encoder().Encode(state).attribute_codes, SizeIs(1));
}

TEST(RequestEncoderContext, DerivesDaypartAndWeekdayFromTheTimeInUtc) {
  RequestContext context;
  context.time_ms = 1'600'000'000'000;  // 2020-09-13T12:26:40Z
  EXPECT_THAT(ContextNames(context), ElementsAre("daypart=afternoon", "weekday=Sun"));
  EXPECT_EQ(Encoder().Encode(context, {}).time_ms, 1'600'000'000'000);
}

TEST(RequestEncoderContext, DerivesThemInTheTimeZoneOfTheContextOrElseOfTheUser) {
  RequestContext context;
  context.time_ms = 1'600'000'000'000;
  const UserState user{.attributes = {{.name = "time_zone", .values = {"Pacific/Auckland"}}}};
  EXPECT_THAT(ContextNames(context, user), ElementsAre("daypart=night", "weekday=Mon"));
  context.time_zone = "-07:00";
  EXPECT_THAT(ContextNames(context, user), ElementsAre("daypart=night", "weekday=Sun"));
}

TEST(RequestEncoderContext, AnExtraKeyOverridesWhatIsDerived) {
  RequestContext context;
  context.time_ms = 1'600'000'000'000;
  context.extra.emplace_back("daypart", "night");
  EXPECT_THAT(ContextNames(context), ElementsAre("daypart=night", "weekday=Sun"));
}

TEST(RequestEncoderContext, WhatTheModelWasNotTrainedWithHasNoEffect) {
  RequestContext context;
  context.time_ms = 1'600'000'000'000;
  context.device = "phone";
  context.surface = "home";
  context.extra.emplace_back("weather", "rain");
  EXPECT_THAT(ContextNames(context), ElementsAre("daypart=afternoon", "weekday=Sun"));
}

TEST(RequestEncoderContext, OfAnUnknownTimeNothingIsDerived) {
  EXPECT_THAT(ContextNames({}), IsEmpty());
  RequestContext context;
  context.extra.emplace_back("weekday", "Mon");
  EXPECT_THAT(ContextNames(context), ElementsAre("weekday=Mon"));
}

// Training and serving must see the same user and the same circumstances: what training saw of a
// moment of the data set is what is served of the stored state and the time.
TEST(RequestEncoder, GivesWhatTrainingSawOfTheSameUserAndTime) {
  const Dataset& dataset = SharedTestModels().dataset();
  const PastRequests past(dataset);
  for (size_t position = 0; position < dataset.interactions.size(); position += 97) {
    const uint32_t user = dataset.interactions[position].user;
    size_t begin = position;
    while (begin > 0 && dataset.interactions[begin - 1].user == user) --begin;
    UserSequence sequence;
    sequence.begin = begin;
    sequence.end = position + 1;
    const PastRequest trained = past.Before(sequence, user, position);

    UserState state{.user_id = dataset.user_ids[user],
                    .attributes = {{.name = "gender", .values = {user % 4 % 2 == 0 ? "F" : "M"}}},
                    .history = {}};
    for (size_t i = begin; i < position; ++i)
      state.history.push_back({.item_id = dataset.items.ids[dataset.interactions[i].item],
                               .time_ms = dataset.interactions[i].time_ms,
                               .value = dataset.interactions[i].value});
    RequestContext context;
    context.time_ms = dataset.interactions[position].time_ms;

    const EncodedUser served = Encoder().Encode(state);
    EXPECT_EQ(served.user, trained.user.user);
    // The data set's own codes, which the towers are trained with.
    EXPECT_THAT(served.attribute_codes,
                testing::ElementsAreArray(CodesOf(dataset.user_attributes, user)));
    EXPECT_EQ(served.attribute_codes, trained.user.attribute_codes);
    EXPECT_EQ(ItemsOf(served), ItemsOf(trained.user));
    const EncodedContext served_context = Encoder().Encode(context, state);
    EXPECT_EQ(served_context.time_ms, trained.context.time_ms);
    EXPECT_THAT(served_context.attribute_codes,
                testing::ElementsAreArray(CodesOf(dataset.context_attributes, position)));
    EXPECT_EQ(served_context.attribute_codes, trained.context.attribute_codes);
  }
}

}  // namespace
}  // namespace shortlist
