// The words of a title, as features of what it names.
#pragma once

#include <string>
#include <string_view>

#include "absl/strings/ascii.h"

namespace shortlist {

// Calls use(word) for every run of letters and digits, in lower case. Bytes beyond ASCII count as
// letters, as they are.
template <class Use>
void ForEachWord(std::string_view text, Use use) {
  std::string word;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || absl::ascii_isalnum(byte)) {
      word.push_back(absl::ascii_tolower(byte));
    } else if (!word.empty()) {
      use(std::string_view(word));
      word.clear();
    }
  }
  if (!word.empty()) use(std::string_view(word));
}

}  // namespace shortlist
