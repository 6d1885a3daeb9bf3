// Views of text.
#pragma once

#include <string_view>

#include "absl/strings/string_view.h"

namespace shortlist {

// For passing a std::string_view to an Abseil function: absl::StrCat(AbslView(name), ":", line).
// Debian builds Abseil with its own string_view, which is another type.
inline absl::string_view AbslView(std::string_view view) { return {view.data(), view.size()}; }

// Without the spaces around it.
inline std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace shortlist
