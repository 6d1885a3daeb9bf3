// Stands for an event's id where the log remembers that it has had it: SipHash-2-4 of 128 bits
// under a key that only the state file knows, so that nobody can choose ids of the same hash and
// chance will not find any (a billion ids share one with a probability below 10^-20).
//
// Const and thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/numeric/int128.h"

namespace shortlist {

class EventHash {
 public:
  static constexpr size_t kKeyBytes = 16;

  // `key` has kKeyBytes bytes.
  explicit EventHash(std::string_view key);

  // The first half of the digest, as a little-endian number, is the low one.
  absl::uint128 Of(std::string_view event_id) const;

 private:
  uint64_t key0_, key1_;
};

}  // namespace shortlist
