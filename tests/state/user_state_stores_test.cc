#include "state/user_state_stores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "state/sqlite/sqlite_user_state_store.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

// A store that a test adds: in memory, and forgotten when it is closed.
class MemoryStore : public UserStateStore {
 public:
  absl::StatusOr<bool> Read(std::string_view user_id, UserState& state) const override {
    const auto found = states_.find(std::string(user_id));
    if (found == states_.end()) return false;
    state = found->second;
    return true;
  }
  absl::Status WriteBatch(std::span<const UserState> states) override {
    for (const UserState& state : states)
      if (state.user_id.empty()) return absl::InvalidArgumentError("memory: user_id is empty");
    for (const UserState& state : states) states_[state.user_id] = state;
    return absl::OkStatus();
  }

 private:
  std::map<std::string, UserState> states_;
};

constexpr UserStateStoreKind kKindsOfTheTest[] = {
    UserStateStoreKind{
        "sqlite",
        [](const std::string& where) -> absl::StatusOr<std::unique_ptr<UserStateStore>> {
          auto store = SqliteUserStateStore::OpenOrCreate(where);
          if (!store.ok()) return store.status();
          return *std::move(store);
        }},
    UserStateStoreKind{"memory",
                       [](const std::string&) -> absl::StatusOr<std::unique_ptr<UserStateStore>> {
                         return std::make_unique<MemoryStore>();
                       }},
};

// What every store must do: one suite for all kinds.
class UserStateStoreContract : public testing::TestWithParam<std::string> {
 protected:
  UserStateStoreContract()
      : store_(
            OpenUserStateStore(GetParam() + ":" + (folder_ / "state.db").string(), kKindsOfTheTest)
                .value()) {}

  const TemporaryFolder folder_;
  std::unique_ptr<UserStateStore> store_;
};

TEST_P(UserStateStoreContract, ReadsBackWhatWasWrittenAndNothingElse) {
  const UserState written{.user_id = "42",
                          .attributes = {{.name = "age", .values = {"25", "\xC3\xA9"}}},
                          .history = {{.item_id = "a", .time_ms = -5, .value = 4.5F}, {"b", 7, 0}}};
  ASSERT_TRUE(store_->WriteBatch(std::vector{written}).ok());
  UserState read;
  EXPECT_TRUE(store_->Read("42", read).value());
  EXPECT_EQ(read, written);
  UserState unknown;
  EXPECT_FALSE(store_->Read("4", unknown).value());
  EXPECT_EQ(unknown, UserState());
}

TEST_P(UserStateStoreContract, AWriteReplacesAStateWhole) {
  ASSERT_TRUE(
      store_->WriteBatch(std::vector{UserState{"42", {{"age", {"1"}}}, {{"a", 1, 1}}}}).ok());
  ASSERT_TRUE(store_->WriteBatch(std::vector{UserState{"42", {}, {{"b", 2, 2}}}}).ok());
  UserState read;
  ASSERT_TRUE(store_->Read("42", read).value());
  EXPECT_EQ(read, (UserState{"42", {}, {{"b", 2, 2}}}));
}

TEST_P(UserStateStoreContract, ABatchIsWrittenWholeOrNotAtAll) {
  const absl::Status status =
      store_->WriteBatch(std::vector{UserState{"42", {}, {}}, UserState{"", {}, {}}});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  UserState read;
  EXPECT_FALSE(store_->Read("42", read).value());
}

INSTANTIATE_TEST_SUITE_P(Stores, UserStateStoreContract, testing::Values("sqlite", "memory"),
                         [](const auto& info) { return info.param; });

TEST(OpenUserStateStore, ANameWithoutASchemeIsAFileOfSqlite) {
  const TemporaryFolder folder;
  const std::string path = folder / "state.db";
  ASSERT_TRUE(SqliteUserStateStore::OpenOrCreate(path).ok());
  EXPECT_TRUE(OpenUserStateStore(path).ok());
  EXPECT_TRUE(OpenUserStateStore("sqlite:" + path).ok());
  EXPECT_THAT(std::string(OpenUserStateStore("memory:here").status().message()),
              testing::HasSubstr("memory:here: no such user state file"));
}

}  // namespace
}  // namespace shortlist
