#include "serving/services/user_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "state/state_stores.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class UserRecordsTest : public testing::Test {
 protected:
  absl::Status Tell(const std::string& name, const std::vector<std::string>& values) {
    v1::UpsertUserRequest request;
    request.set_user_id("u");
    v1::Attribute& attribute = *request.add_attributes();
    attribute.set_name(name);
    attribute.mutable_values()->Assign(values.begin(), values.end());
    v1::UpsertUserResponse response;
    return users_.Upsert(request, response);
  }
  void Record(const std::string& item, int64_t time_ms, v1::EventType type) {
    v1::LogEntry entry;
    v1::Event& event = *entry.mutable_event();
    event.set_event_id(absl::StrCat("event ", time_ms));
    event.set_user_id("u");
    event.set_item_id(item);
    event.set_time_ms(time_ms);
    event.set_type(type);
    EXPECT_TRUE(store_->Append(std::vector{entry}).ok());
  }
  absl::Status Get(v1::GetUserResponse& response, int count = 0) const {
    v1::GetUserRequest request;
    request.set_user_id("u");
    request.set_count(count);
    return users_.Get(request, response);
  }
  v1::GetUserResponse Get(int count = 0) const {
    v1::GetUserResponse response;
    const absl::Status status = Get(response, count);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }
  absl::Status Delete() {
    v1::DeleteUserRequest request;
    request.set_user_id("u");
    v1::DeleteUserResponse response;
    return users_.Delete(request, response);
  }

  const TemporaryFolder folder_;
  const std::unique_ptr<StateStore> store_ =
      OpenStateStore(folder_ / "state.db", StateProjection(), IfMissing::kCreate).value();
  const BundleRegistry bundles_{SharedTestModels().bundle()};
  const UserRecords users_{bundles_, *store_};
};

TEST_F(UserRecordsTest, WhatIsToldReplacesWhatWasKnownUnderItsName) {
  ASSERT_TRUE(Tell("gender", {"M"}).ok());
  ASSERT_TRUE(Tell("time_zone", {"Europe/Berlin"}).ok());
  ASSERT_TRUE(Tell("gender", {"F"}).ok());
  const v1::UserState user = Get().user();
  EXPECT_EQ(user.user_id(), "u");
  ASSERT_EQ(user.attributes_size(), 2);
  for (const v1::Attribute& attribute : user.attributes())
    EXPECT_THAT(attribute.values(),
                ElementsAre(attribute.name() == "gender" ? "F" : "Europe/Berlin"));
}

TEST_F(UserRecordsTest, AnAttributeWithoutValuesSaysNothingAnyMore) {
  ASSERT_TRUE(Tell("gender", {"M"}).ok());
  ASSERT_TRUE(Tell("gender", {}).ok());
  UserState state;
  ASSERT_TRUE(store_->Read(UserKey("u"), state).ok());
  EXPECT_THAT(bundles_.Current()->encoder->Encode(state).attribute_codes, IsEmpty());
}

TEST_F(UserRecordsTest, RefusesAnAttributeThatTheModelDoesNotKnowAndStoresNothing) {
  EXPECT_EQ(Tell("shoe size", {"44"}),
            absl::InvalidArgumentError("attributes[0].name: unknown user attribute \"shoe size\"; "
                                       "the model knows: gender"));
  v1::GetUserResponse response;
  EXPECT_EQ(Get(response), absl::NotFoundError("user_id: nothing is known of a user \"u\""));
}

TEST_F(UserRecordsTest, GetsTheLatestInteractionsAndRefusals) {
  for (int i = 1; i <= 3; ++i) {
    Record(absl::StrCat("taken ", i), i, v1::EVENT_TYPE_CLICK);
    Record(absl::StrCat("hidden ", i), 10 + i, v1::EVENT_TYPE_HIDE);
  }
  const v1::GetUserResponse all = Get();
  EXPECT_EQ(all.user().history_size(), 3);
  EXPECT_EQ(all.user().refused_size(), 3);
  const v1::GetUserResponse latest = Get(2);
  EXPECT_EQ(latest.history_size(), 3);
  EXPECT_EQ(latest.refused_size(), 3);
  ASSERT_EQ(latest.user().history_size(), 2);
  EXPECT_EQ(latest.user().history(0).item_id(), "taken 2");
  ASSERT_EQ(latest.user().refused_size(), 2);
  EXPECT_EQ(latest.user().refused(1).item_id(), "hidden 3");
}

TEST_F(UserRecordsTest, OfADeletedUserNothingIsKnown) {
  ASSERT_TRUE(Tell("gender", {"M"}).ok());
  Record("i3", 5, v1::EVENT_TYPE_CLICK);
  ASSERT_TRUE(Delete().ok());
  v1::GetUserResponse response;
  EXPECT_TRUE(absl::IsNotFound(Get(response)));
  UserState state;
  ASSERT_TRUE(store_->Read(UserKey("u"), state).ok());
  EXPECT_TRUE(state.is_forgotten);
  size_t entries = 0;
  ASSERT_TRUE(store_
                  ->ReadAll([&](const v1::LogEntry&) {
                    ++entries;
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(entries, 0u);
  EXPECT_TRUE(Delete().ok());  // Once more.
}

TEST_F(UserRecordsTest, ChecksRequestsFirst) {
  v1::UpsertUserResponse upserted;
  EXPECT_EQ(users_.Upsert({}, upserted), absl::InvalidArgumentError("user_id: is empty"));
  v1::GetUserResponse got;
  EXPECT_EQ(users_.Get({}, got), absl::InvalidArgumentError("user_id: is empty"));
  v1::DeleteUserResponse deleted;
  EXPECT_EQ(users_.Delete({}, deleted), absl::InvalidArgumentError("user_id: is empty"));
}

}  // namespace
}  // namespace shortlist
