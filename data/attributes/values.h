// What the cells of a column of text hold.
#pragma once

#include <string_view>

#include "common/text/strings.h"
#include "features/attribute_schema.h"

namespace shortlist {

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
