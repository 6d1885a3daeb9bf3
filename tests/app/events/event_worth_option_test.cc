#include "app/events/event_worth_option.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

TEST(EventWorthOptionTest, IsWhatTheConfigurationSays) {
  const TemporaryFolder folder;
  v1::Event purchase;
  purchase.set_type(v1::EVENT_TYPE_PURCHASE);
  EXPECT_EQ(ReadEventWorth({})->Of(purchase), 1);
  EXPECT_EQ(
      ReadEventWorth(
          folder.Write("shop.txtpb", "events { worth { column: 'type' is: 'purchase' worth: 3 } }"))
          ->Of(purchase),
      3);
}

TEST(EventWorthOptionTest, NamesTheFileThatIsNoConfiguration) {
  const TemporaryFolder folder;
  EXPECT_THAT(std::string(ReadEventWorth(folder.Write("bad.txtpb", "event {}")).status().message()),
              HasSubstr("bad.txtpb"));
}

}  // namespace
}  // namespace shortlist
