#include "serving/requests/user_resolver.h"

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

void AddAttribute(v1::UserState& state, const std::string& name,
                  const std::vector<std::string>& values) {
  v1::Attribute* attribute = state.add_attributes();
  attribute->set_name(name);
  attribute->mutable_values()->Assign(values.begin(), values.end());
}

std::vector<std::string> Names(const AttributeSchema& schema, const std::vector<uint32_t>& codes) {
  std::vector<std::string> names;
  for (uint32_t code : codes) names.push_back(schema.CodeName(code));
  return names;
}

std::vector<std::string> ContextNames(const v1::RequestContext& context) {
  return Names(TestBundle().requests.contexts(),
               ResolveContext(context, TestBundle()).attribute_codes);
}

TEST(ResolveUser, TurnsIdsIntoRowsInTheOrderOfTheHistory) {
  v1::UserState state;
  for (const char* id : {"i7", "i3", "i7"}) state.add_history()->set_item_id(id);
  state.mutable_history(1)->set_time_ms(123);
  state.mutable_history(1)->set_value(4.5);
  const EncodedUser user = ResolveUser(state, TestBundle());
  ASSERT_THAT(user.history, SizeIs(3));
  EXPECT_EQ(TestBundle().catalog.id(user.history[0].item), "i7");
  EXPECT_EQ(TestBundle().catalog.id(user.history[1].item), "i3");
  EXPECT_EQ(user.history[1].time_ms, 123);
  EXPECT_EQ(user.history[1].value, 4.5F);
}

TEST(ResolveUser, LeavesOutItemsThatTheBundleDoesNotKnow) {
  v1::UserState state;
  for (const char* id : {"nothing", "i3", ""}) state.add_history()->set_item_id(id);
  EXPECT_EQ(ItemsOf(ResolveUser(state, TestBundle())),
            std::vector<ItemRow>{*TestBundle().catalog.FindItem("i3")});
}

TEST(ResolveUser, KnowsTheUsersOfTrainingAndNoOthers) {
  v1::UserState state;
  EXPECT_EQ(ResolveUser(state, TestBundle()).user, kNoUser);
  state.set_user_id("nobody");
  EXPECT_EQ(ResolveUser(state, TestBundle()).user, kNoUser);
  state.set_user_id("u5");
  EXPECT_EQ(ResolveUser(state, TestBundle()).user, TestBundle().requests.FindUser("u5"));
}

TEST(ResolveUser, EncodesKnownValuesOfKnownAttributes) {
  v1::UserState state;
  AddAttribute(state, "shoe size", {"44"});
  AddAttribute(state, "gender", {"M"});
  EXPECT_THAT(
      Names(TestBundle().requests.users(), ResolveUser(state, TestBundle()).attribute_codes),
      ElementsAre("gender=M"));
  v1::UserState unknown_value;
  AddAttribute(unknown_value, "gender", {"X"});
  EXPECT_THAT(ResolveUser(unknown_value, TestBundle()).attribute_codes, IsEmpty());
}

TEST(ResolveUser, TakesTheFirstKnownValueWhereThereCanBeOnlyOne) {
  v1::UserState state;
  AddAttribute(state, "gender", {"X", "M", "F"});
  EXPECT_THAT(
      Names(TestBundle().requests.users(), ResolveUser(state, TestBundle()).attribute_codes),
      ElementsAre("gender=M"));
}

TEST(ResolveUser, NamesACodeOnce) {
  v1::UserState state;
  AddAttribute(state, "gender", {"M"});
  AddAttribute(state, "gender", {"M"});
  EXPECT_THAT(ResolveUser(state, TestBundle()).attribute_codes, SizeIs(1));
}

TEST(ResolveContext, DerivesDaypartAndWeekdayFromTheTimeInUtc) {
  v1::RequestContext context;
  context.set_time_ms(1'600'000'000'000);  // 2020-09-13T12:26:40Z
  EXPECT_THAT(ContextNames(context), ElementsAre("daypart=afternoon", "weekday=Sun"));
  EXPECT_EQ(ResolveContext(context, TestBundle()).time_ms, 1'600'000'000'000);
}

TEST(ResolveContext, AnExtraKeyOverridesWhatIsDerived) {
  v1::RequestContext context;
  context.set_time_ms(1'600'000'000'000);
  (*context.mutable_extra())["daypart"] = "night";
  EXPECT_THAT(ContextNames(context), ElementsAre("daypart=night", "weekday=Sun"));
}

TEST(ResolveContext, WhatTheModelWasNotTrainedWithHasNoEffect) {
  v1::RequestContext context;
  context.set_time_ms(1'600'000'000'000);
  context.set_device("phone");
  context.set_surface("home");
  (*context.mutable_extra())["weather"] = "rain";
  EXPECT_THAT(ContextNames(context), ElementsAre("daypart=afternoon", "weekday=Sun"));
}

// Training and serving must see the same user and the same circumstances.
TEST(ResolveUser, GivesWhatTrainingGaveForTheSameUserAndTime) {
  const Dataset& dataset = SharedTestModels().dataset();
  const Bundle& bundle = TestBundle();
  const PastRequests past(dataset);
  for (size_t position = 0; position < dataset.interactions.size(); position += 97) {
    const uint32_t user = dataset.interactions[position].user;
    size_t begin = position;
    while (begin > 0 && dataset.interactions[begin - 1].user == user) --begin;
    UserSequence sequence;
    sequence.begin = begin;
    sequence.end = position + 1;
    const PastRequest trained = past.Before(sequence, user, position);

    v1::UserState state;
    state.set_user_id(dataset.user_ids[user]);
    AddAttribute(state, "gender", {user % 4 % 2 == 0 ? "F" : "M"});
    for (size_t i = begin; i < position; ++i) {
      v1::Interaction* entry = state.add_history();
      entry->set_item_id(dataset.items.ids[dataset.interactions[i].item]);
      entry->set_time_ms(dataset.interactions[i].time_ms);
      entry->set_value(dataset.interactions[i].value);
    }
    v1::RequestContext context;
    context.set_time_ms(dataset.interactions[position].time_ms);

    const EncodedUser served = ResolveUser(state, bundle);
    EXPECT_EQ(served.user, trained.user.user);
    EXPECT_EQ(served.attribute_codes, trained.user.attribute_codes);
    EXPECT_EQ(ItemsOf(served), ItemsOf(trained.user));
    const EncodedContext served_context = ResolveContext(context, bundle);
    EXPECT_EQ(served_context.time_ms, trained.context.time_ms);
    EXPECT_EQ(served_context.attribute_codes, trained.context.attribute_codes);
  }
}

TEST(StateOfAnonymous, IsAUserWithoutAnId) {
  v1::AnonymousUser anonymous;
  anonymous.add_recent_item_ids("i3");
  anonymous.add_recent_item_ids("i4");
  v1::Attribute* gender = anonymous.add_attributes();
  gender->set_name("gender");
  gender->add_values("F");
  v1::UserState state;
  ASSERT_TRUE(StateOfAnonymous(anonymous, TestBundle(), state).ok());
  EXPECT_EQ(state.user_id(), "");
  ASSERT_EQ(state.history_size(), 2);
  EXPECT_EQ(state.history(1).item_id(), "i4");
  EXPECT_EQ(state.attributes(0).ShortDebugString(), gender->ShortDebugString());
}

TEST(StateOfAnonymous, RefusesAnAttributeThatTheModelDoesNotKnow) {
  v1::AnonymousUser anonymous;
  anonymous.add_attributes()->set_name("gender");
  anonymous.add_attributes()->set_name("shoe size");
  v1::UserState state;
  EXPECT_EQ(StateOfAnonymous(anonymous, TestBundle(), state),
            absl::InvalidArgumentError("anonymous.attributes[1].name: unknown user attribute "
                                       "\"shoe size\"; the model knows: gender"));
}

TEST(StateOfAnonymous, RefusesSeveralValuesWhereThereCanBeOnlyOne) {
  v1::AnonymousUser anonymous;
  for (const char* value : {"F", "M"}) {
    v1::Attribute* gender = anonymous.add_attributes();
    gender->set_name("gender");
    gender->add_values(value);
  }
  v1::UserState state;
  EXPECT_EQ(StateOfAnonymous(anonymous, TestBundle(), state),
            absl::InvalidArgumentError("anonymous.attributes[1].name: \"gender\" has one value at "
                                       "most and is there twice"));
  anonymous.mutable_attributes()->RemoveLast();
  anonymous.mutable_attributes(0)->add_values("M");
  EXPECT_EQ(StateOfAnonymous(anonymous, TestBundle(), state),
            absl::InvalidArgumentError(
                "anonymous.attributes[0].values: \"gender\" has one value at most"));
}

}  // namespace
}  // namespace shortlist
