#include "common/text/utf8.h"

#include <utf8.h>

#include <iterator>

namespace shortlist {

bool IsUtf8(std::string_view text) {
  unsigned char all_bits = 0;
  for (char byte : text) all_bits |= static_cast<unsigned char>(byte);
  bool ascii = all_bits < 0x80;
  return ascii || utf8::is_valid(text.begin(), text.end());
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
