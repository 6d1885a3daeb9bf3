#include "features/user_state.h"

#include <cstddef>

namespace shortlist {

void KeepLast(size_t most, std::vector<Interaction>& interactions) {
  if (interactions.size() <= most) return;
  interactions.erase(interactions.begin(), interactions.end() - static_cast<std::ptrdiff_t>(most));
}

void TrimToBounds(UserState& state) {
  for (NamedAttribute& attribute : state.attributes) {
    std::erase_if(attribute.values,
                  [](const std::string& value) { return value.size() > kMaxTextBytes; });
    if (attribute.values.size() > kMaxAttributeValues) attribute.values.resize(kMaxAttributeValues);
  }
  if (state.attributes.size() > kMaxAttributes) state.attributes.resize(kMaxAttributes);
  KeepLast(kMaxHistory, state.history);
  KeepLast(kMaxRefused, state.refused);
}

}  // namespace shortlist
