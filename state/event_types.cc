#include "state/event_types.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

constexpr absl::string_view kPrefix = "EVENT_TYPE_";

}  // namespace

std::string TypeName(const v1::Event& event) {
  if (event.type() == v1::EVENT_TYPE_CUSTOM) return event.custom_type();
  return absl::AsciiStrToLower(absl::StripPrefix(v1::EventType_Name(event.type()), kPrefix));
}

v1::EventType EventTypeOf(std::string_view name) {
  v1::EventType type = v1::EVENT_TYPE_UNSPECIFIED;
  if (absl::AsciiStrToLower(AbslView(name)) != name ||
      !v1::EventType_Parse(absl::StrCat(kPrefix, absl::AsciiStrToUpper(AbslView(name))), &type) ||
      type == v1::EVENT_TYPE_UNSPECIFIED)
    return v1::EVENT_TYPE_CUSTOM;
  return type;
}

}  // namespace shortlist
