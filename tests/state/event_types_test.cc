#include "state/event_types.h"

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(EventTypes, HaveNamesThatReadBack) {
  for (int type = v1::EVENT_TYPE_IMPRESSION; type < v1::EVENT_TYPE_CUSTOM; ++type) {
    v1::Event event;
    event.set_type(static_cast<v1::EventType>(type));
    EXPECT_EQ(EventTypeOf(TypeName(event)), type) << TypeName(event);
  }
  v1::Event click;
  click.set_type(v1::EVENT_TYPE_CLICK);
  EXPECT_EQ(TypeName(click), "click");
}

TEST(EventTypes, AnyOtherNameIsThatOfACustomType) {
  for (const char* name : {"share", "custom", "unspecified", "Click", "EVENT_TYPE_CLICK", ""})
    EXPECT_EQ(EventTypeOf(name), v1::EVENT_TYPE_CUSTOM) << name;
  v1::Event event;
  event.set_type(v1::EVENT_TYPE_CUSTOM);
  event.set_custom_type("share");
  EXPECT_EQ(TypeName(event), "share");
}

}  // namespace
}  // namespace shortlist
