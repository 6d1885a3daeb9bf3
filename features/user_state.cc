#include "features/user_state.h"

#include <cmath>
#include <cstddef>

namespace shortlist {
namespace {

bool IsTooLong(const std::string& text) { return text.size() > kMaxTextBytes; }

template <class T>
void EraseAllButLast(size_t most, std::vector<T>& values) {
  if (values.size() > most)
    values.erase(values.begin(), values.end() - static_cast<std::ptrdiff_t>(most));
}

}  // namespace

void KeepLast(size_t most, std::vector<Interaction>& interactions) {
  EraseAllButLast(most, interactions);
}

void TrimToBounds(UserState& state) {
  std::erase_if(state.attributes, [](const NamedAttribute& attribute) {
    return attribute.name.empty() || IsTooLong(attribute.name);
  });
  for (NamedAttribute& attribute : state.attributes) {
    std::erase_if(attribute.values, IsTooLong);
    if (attribute.values.size() > kMaxAttributeValues) attribute.values.resize(kMaxAttributeValues);
  }
  if (state.attributes.size() > kMaxAttributes) state.attributes.resize(kMaxAttributes);
  for (std::vector<Interaction>* interactions : {&state.history, &state.refused}) {
    std::erase_if(*interactions, [](const Interaction& entry) { return IsTooLong(entry.item_id); });
    for (Interaction& entry : *interactions)
      if (!std::isfinite(entry.value)) entry.value = 0;
  }
  KeepLast(kMaxHistory, state.history);
  KeepLast(kMaxRefused, state.refused);
  std::erase_if(state.shown, [](const Showings& shown) { return IsTooLong(shown.item_id); });
  for (Showings& shown : state.shown) EraseAllButLast(kMaxShowings, shown.times_ms);
  EraseAllButLast(kMaxShownItems, state.shown);
}

}  // namespace shortlist
