// How large a message may be: those between stages carry a user's whole history of 100,000 items,
// 20,000 exclusions and 10,000 refused items, whose ids may have 256 bytes.
#pragma once

namespace shortlist {

inline constexpr int kMaxMessageBytes = 64 << 20;

}  // namespace shortlist
