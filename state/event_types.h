// What configurations and people call the types of events: "click" is EVENT_TYPE_CLICK.
#pragma once

#include <string>
#include <string_view>

#include "shortlist/v1/events.pb.h"

namespace shortlist {

// "click"; of a custom type its own name.
std::string TypeName(const v1::Event& event);

// EVENT_TYPE_CUSTOM for a name that none of the other types has.
v1::EventType EventTypeOf(std::string_view name);

}  // namespace shortlist
