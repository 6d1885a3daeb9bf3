// Debian builds Abseil with its own string_view, which is not std::string_view.
#pragma once

#include <string_view>

#include "absl/strings/string_view.h"

namespace shortlist {

// For passing a std::string_view to an Abseil function: absl::StrCat(AbslView(name), ":", line).
inline absl::string_view AbslView(std::string_view view) { return {view.data(), view.size()}; }

}  // namespace shortlist
