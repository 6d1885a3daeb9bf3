#include "common/text/utf8.h"

#include <utf8.h>

#include <algorithm>
#include <iterator>

namespace shortlist {

bool IsUtf8(std::string_view text) {
  unsigned char all_bits = 0;
  for (char byte : text) all_bits |= static_cast<unsigned char>(byte);
  bool ascii = all_bits < 0x80;
  return ascii || utf8::is_valid(text.begin(), text.end());
}

bool IsUtf16(std::string_view start) {
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF")) return true;
  start = start.substr(0, 256);
  size_t nuls[2] = {0, 0};  // At even and odd positions.
  for (size_t i = 0; i < start.size(); ++i) nuls[i % 2] += start[i] == '\0' ? 1 : 0;
  const auto [least, most] = std::minmax(nuls[0], nuls[1]);
  return least == 0 && most > 0 && 4 * most >= start.size();
}

std::string Latin1ToUtf8(std::string_view text) {
  std::string result;
  result.reserve(text.size() + text.size() / 16);
  for (char byte : text) {
    auto code_point = static_cast<unsigned char>(byte);
    utf8::append(code_point, std::back_inserter(result));
  }
  return result;
}

}  // namespace shortlist
