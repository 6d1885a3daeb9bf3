#include "state/event_worth.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "shortlist/v1/dataset_spec.pb.h"

namespace shortlist {
namespace {

v1::WorthRule Rule(const std::string& column, float worth) {
  v1::WorthRule rule;
  rule.set_column(column);
  rule.set_worth(worth);
  return rule;
}

v1::WorthRule TypeRule(const std::string& type, float worth) {
  v1::WorthRule rule = Rule("type", worth);
  rule.set_is(type);
  return rule;
}

v1::Event Of(v1::EventType type) {
  v1::Event event;
  event.set_type(type);
  return event;
}

v1::Event Rating(float rating) {
  v1::Event event = Of(v1::EVENT_TYPE_RATING);
  event.set_rating(rating);
  return event;
}

TEST(EventWorth, EveryTypeHasItsOwn) {
  const EventWorth worth;
  for (v1::EventType type : {v1::EVENT_TYPE_CLICK, v1::EVENT_TYPE_VIEW, v1::EVENT_TYPE_LIKE,
                             v1::EVENT_TYPE_PURCHASE, v1::EVENT_TYPE_RATING})
    EXPECT_EQ(worth.Of(Of(type)), 1) << type;
  for (v1::EventType type : {v1::EVENT_TYPE_DISLIKE, v1::EVENT_TYPE_HIDE})
    EXPECT_EQ(worth.Of(Of(type)), -1) << type;
  for (v1::EventType type : {v1::EVENT_TYPE_IMPRESSION, v1::EVENT_TYPE_CUSTOM})
    EXPECT_EQ(worth.Of(Of(type)), 0) << type;
}

TEST(EventWorth, TheFirstRuleThatIsMetCounts) {
  v1::WorthRule good = Rule("rating", 2), bad = Rule("rating", -1), long_view = Rule("dwell_ms", 3),
                four = Rule("rating", 5);
  four.set_is("4.0");
  good.set_at_least(3.3);
  bad.set_at_most(2);
  long_view.set_at_least(30'000);
  const EventWorth worth = EventWorth::Make(std::vector{four, good, bad, long_view,
                                                        TypeRule("view", 0), TypeRule("share", 4)})
                               .value();
  EXPECT_EQ(worth.Of(Rating(4)), 5);
  EXPECT_EQ(worth.Of(Rating(3.3F)), 2);  // As a float below the double 3.3.
  EXPECT_EQ(worth.Of(Rating(2)), -1);
  EXPECT_EQ(worth.Of(Rating(2.5)), 1);
  v1::Event view = Of(v1::EVENT_TYPE_VIEW);
  EXPECT_EQ(worth.Of(view), 0);
  view.set_dwell_ms(29'999);
  EXPECT_EQ(worth.Of(view), 0);
  view.set_dwell_ms(30'000);
  EXPECT_EQ(worth.Of(view), 3);
  v1::Event custom = Of(v1::EVENT_TYPE_CUSTOM);
  custom.set_custom_type("share");
  EXPECT_EQ(worth.Of(custom), 4);
  custom.set_custom_type("shared");
  EXPECT_EQ(worth.Of(custom), 0);
}

TEST(EventWorth, NamesTheFieldOfARuleThatIsWrong) {
  const auto error = [](const v1::WorthRule& rule) {
    return std::string(
        EventWorth::Make(std::vector{TypeRule("click", 1), rule}).status().message());
  };
  EXPECT_EQ(error(Rule("stars", 1)), "worth[1].column: must be type, rating or dwell_ms");
  EXPECT_EQ(error(Rule("rating", 1)), "worth[1]: has none of is, at_least and at_most");
  EXPECT_EQ(error(TypeRule("", 1)), "worth[1].is: is empty");
  EXPECT_EQ(error(TypeRule("click", std::numeric_limits<float>::infinity())),
            "worth[1].worth: is not finite");
  v1::WorthRule rule = Rule("type", 1);
  rule.set_at_least(3);
  EXPECT_EQ(error(rule), "worth[1].at_least: is for rating and dwell_ms; a type has just \"is\"");
  rule = Rule("rating", 1);
  rule.set_is("four");
  EXPECT_EQ(error(rule), "worth[1].is: is not a number");
  rule.set_at_most(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(error(rule), "worth[1].at_most: is not a number");
}

}  // namespace
}  // namespace shortlist
