// How large a message may be: requests carry a user's whole history and exclusions.
#pragma once

namespace shortlist {

inline constexpr int kMaxMessageBytes = 16 << 20;

}  // namespace shortlist
