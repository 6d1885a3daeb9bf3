#include "state/user_state_store.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

class DeadlineStore : public UserStateStore {
 public:
  using UserStateStore::Read;
  absl::StatusOr<bool> Read(std::string_view key, absl::Time deadline,
                            UserState& state) const override {
    state.user_id = key;
    return deadline == absl::InfiniteFuture();
  }
};

TEST(UserStateStore, AReadWithoutADeadlineHasNone) {
  UserState state;
  EXPECT_TRUE(DeadlineStore().Read("u:42", state).value());
  EXPECT_EQ(state.user_id, "u:42");
}

}  // namespace
}  // namespace shortlist
