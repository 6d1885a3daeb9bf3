#include "features/user_state.h"

#include <cmath>
#include <cstddef>

namespace shortlist {
namespace {

bool IsTooLong(const std::string& text) { return text.size() > kMaxTextBytes; }

}  // namespace

void TrimToBounds(UserState& state) {
  std::erase_if(state.attributes, [](const NamedAttribute& attribute) {
    return attribute.name.empty() || IsTooLong(attribute.name);
  });
  for (NamedAttribute& attribute : state.attributes) {
    std::erase_if(attribute.values, IsTooLong);
    if (attribute.values.size() > kMaxAttributeValues) attribute.values.resize(kMaxAttributeValues);
  }
  if (state.attributes.size() > kMaxAttributes) state.attributes.resize(kMaxAttributes);
  std::erase_if(state.history, [](const Interaction& entry) { return IsTooLong(entry.item_id); });
  for (Interaction& entry : state.history)
    if (!std::isfinite(entry.value)) entry.value = 0;
  if (state.history.size() > kMaxHistory)
    state.history.erase(state.history.begin(),
                        state.history.end() - static_cast<std::ptrdiff_t>(kMaxHistory));
}

}  // namespace shortlist
