#include "common/utf8.h"

#include <utf8.h>

namespace shortlist {

bool IsUtf8(std::string_view text) {
  unsigned char all_bits = 0;
  for (char byte : text) all_bits |= static_cast<unsigned char>(byte);
  bool ascii = all_bits < 0x80;
  return ascii || utf8::is_valid(text.begin(), text.end());
}

}  // namespace shortlist
