// Whether bytes are well-formed UTF-8: what every id, title and attribute value must be, since
// protobuf refuses strings that are not.
#pragma once

#include <string_view>

namespace shortlist {

// No overlong forms, no surrogates, nothing beyond U+10FFFF (RFC 3629).
bool IsUtf8(std::string_view text);

}  // namespace shortlist
