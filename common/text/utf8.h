// Whether bytes are well-formed UTF-8: what every id, title and attribute value must be, since
// protobuf refuses strings that are not.
#pragma once

#include <string>
#include <string_view>

namespace shortlist {

// No overlong forms, no surrogates, nothing beyond U+10FFFF (RFC 3629).
bool IsUtf8(std::string_view text);

// Whether a file that starts so is UTF-16: by its mark or, without one, since every other byte is
// NUL, as in text that is mostly ASCII.
bool IsUtf16(std::string_view start);

// Text in ISO 8859-1, in which every byte is the code point of that number, as UTF-8.
std::string Latin1ToUtf8(std::string_view text);

}  // namespace shortlist
