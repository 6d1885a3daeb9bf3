#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "state/state_stores.h"
#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// `shortlist state` on a store in which user 42 has viewed an item, disliked another and told their
// age, and session 42 has clicked one.
class StateCommandTest : public ::testing::Test {
 protected:
  StateCommandTest() {
    std::vector<v1::LogEntry> entries(4);
    const auto fill = [&](size_t i, const std::string& item, v1::EventType type) -> v1::Event& {
      v1::Event& event = *entries[i].mutable_event();
      event.set_event_id("e" + std::to_string(i));
      event.set_item_id(item);
      event.set_time_ms(1'700'000'000'000 + static_cast<int64_t>(i) * 1'000);
      event.set_type(type);
      return event;
    };
    fill(0, "Alien", v1::EVENT_TYPE_VIEW).set_user_id("42");
    fill(1, "Solaris", v1::EVENT_TYPE_DISLIKE).set_user_id("42");
    fill(2, "Stalker", v1::EVENT_TYPE_CLICK).set_session_id("42");
    entries[3].mutable_user()->set_user_id("42");
    v1::Attribute& age = *entries[3].mutable_user()->add_attributes();
    age.set_name("age");
    age.add_values("30");
    auto store = OpenStateStore(path_, StateProjection(), IfMissing::kCreate);
    EXPECT_TRUE(store.ok()) << store.status();
    EXPECT_TRUE((*store)->Append(entries).ok());
  }

  CommandResult Run(const std::string& what) {
    return RunShortlist("state " + what + " --state " + path_);
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_ / "state.db";
};

TEST_F(StateCommandTest, ShowsWhatIsKnownOfAUser) {
  const CommandResult shown = Run("show --user 42");
  EXPECT_EQ(shown.exit_code, 0) << shown.errors;
  EXPECT_EQ(shown.output,
            "user \"42\": 1 interactions, 1 refused items\n"
            "  age: 30\n"
            "\nHistory, newest first:\n"
            "time (UTC)           item   value\n"
            "2023-11-14 22:13:20  Alien      -\n"
            "\nRefused, newest first:\n"
            "time (UTC)           item     value\n"
            "2023-11-14 22:13:21  Solaris      -\n");
}

TEST_F(StateCommandTest, ShowsWhatIsKnownOfASession) {
  const CommandResult shown = Run("show --session 42");
  EXPECT_EQ(shown.exit_code, 0) << shown.errors;
  EXPECT_THAT(shown.output, HasSubstr("Stalker"));
  EXPECT_THAT(shown.output, Not(HasSubstr("Alien")));
}

TEST_F(StateCommandTest, SaysWhoIsNotKnown) {
  const CommandResult unknown = Run("show --user 43");
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.errors, HasSubstr("state.db: has no user \"43\""));
  EXPECT_NE(Run("show").exit_code, 0);
}

TEST_F(StateCommandTest, RebuildsByWhatTheConfigurationSaysEventsAreWorth) {
  CommandResult rebuilt = Run("rebuild");
  EXPECT_EQ(rebuilt.exit_code, 0) << rebuilt.errors;
  EXPECT_THAT(rebuilt.output, HasSubstr("from the 4 entries of the event log"));
  EXPECT_THAT(Run("show --user 42").output, HasSubstr("Alien"));
  const std::string config =
      folder_.Write("serve.txtpb", "events { worth { column: \"type\" is: \"view\" worth: 0 } }\n");
  rebuilt = Run("rebuild --config " + config);
  EXPECT_EQ(rebuilt.exit_code, 0) << rebuilt.errors;
  EXPECT_THAT(Run("show --user 42").output, Not(HasSubstr("Alien")));
}

TEST_F(StateCommandTest, RebuildNamesTheRuleThatIsWrongAndChangesNothing) {
  const std::string config =
      folder_.Write("serve.txtpb", "events { worth { column: \"stars\" is: \"5\" worth: 1 } }\n");
  const CommandResult refused = Run("rebuild --config " + config);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("events.worth[0].column: must be type"));
  EXPECT_THAT(Run("show --user 42").output, HasSubstr("Alien"));
}

}  // namespace
}  // namespace shortlist
