#include "serving/requests/anonymous_user.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

const Bundle& TestBundle() { return *SharedTestModels().bundle(); }

TEST(StateOfAnonymous, IsAUserWithoutAnId) {
  v1::AnonymousUser anonymous;
  anonymous.add_recent_item_ids("i3");
  anonymous.add_recent_item_ids("i4");
  v1::Attribute* gender = anonymous.add_attributes();
  gender->set_name("gender");
  gender->add_values("F");
  const UserState expected{.user_id = "",
                           .attributes = {{.name = "gender", .values = {"F"}}},
                           .history = {{.item_id = "i3"}, {.item_id = "i4"}}};
  EXPECT_EQ(StateOfAnonymous(anonymous, TestBundle().requests).value(), expected);
}

TEST(StateOfAnonymous, RefusesAnAttributeThatTheModelDoesNotKnow) {
  v1::AnonymousUser anonymous;
  anonymous.add_attributes()->set_name("gender");
  anonymous.add_attributes()->set_name("shoe size");
  EXPECT_EQ(StateOfAnonymous(anonymous, TestBundle().requests).status(),
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
  EXPECT_EQ(StateOfAnonymous(anonymous, TestBundle().requests).status(),
            absl::InvalidArgumentError("anonymous.attributes[1].name: \"gender\" has one value at "
                                       "most and is there twice"));
  anonymous.mutable_attributes()->RemoveLast();
  anonymous.mutable_attributes(0)->add_values("M");
  EXPECT_EQ(StateOfAnonymous(anonymous, TestBundle().requests).status(),
            absl::InvalidArgumentError(
                "anonymous.attributes[0].values: \"gender\" has one value at most"));
}

}  // namespace
}  // namespace shortlist
