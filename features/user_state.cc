#include "features/user_state.h"

#include <cstddef>

namespace shortlist {

void TrimToBounds(UserState& state) {
  for (NamedAttribute& attribute : state.attributes) {
    std::erase_if(attribute.values,
                  [](const std::string& value) { return value.size() > kMaxTextBytes; });
    if (attribute.values.size() > kMaxAttributeValues) attribute.values.resize(kMaxAttributeValues);
  }
  if (state.attributes.size() > kMaxAttributes) state.attributes.resize(kMaxAttributes);
  if (state.history.size() > kMaxHistory)
    state.history.erase(state.history.begin(),
                        state.history.end() - static_cast<std::ptrdiff_t>(kMaxHistory));
}

}  // namespace shortlist
