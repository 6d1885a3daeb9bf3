// What the cells of a column of text hold.
#pragma once

#include <string_view>

#include "features/attribute_schema.h"

namespace shortlist {

// Without the spaces around it.
inline std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Calls use(value) for every value of a list, without the spaces around it. Empty ones are none.
template <class Use>
void ForEachValue(std::string_view list, std::string_view separator, Use use) {
  while (!list.empty()) {
    const size_t end = list.find(separator);
    if (const std::string_view value = Trimmed(list.substr(0, end)); !value.empty()) use(value);
    if (end == std::string_view::npos) return;
    list.remove_prefix(end + separator.size());
  }
}

}  // namespace shortlist
