#include "state/sqlite/event_hash.h"

#include <bit>
#include <cstddef>
#include <cstring>

namespace shortlist {
namespace {

uint64_t LoadWord(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

struct SipState {
  uint64_t v0, v1, v2, v3;

  void Rounds(int count) {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v1 = std::rotl(v1, 13) ^ v0;
      v0 = std::rotl(v0, 32);
      v2 += v3;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 += v3;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 += v1;
      v1 = std::rotl(v1, 17) ^ v2;
      v2 = std::rotl(v2, 32);
    }
  }

  void Take(uint64_t word) {
    v3 ^= word;
    Rounds(2);
    v0 ^= word;
  }
};

}  // namespace

EventHash::EventHash(std::string_view key)
    : key0_(LoadWord(key.data())), key1_(LoadWord(key.data() + sizeof(uint64_t))) {}

absl::uint128 EventHash::Of(std::string_view event_id) const {
  constexpr size_t kWord = sizeof(uint64_t);
  SipState state{.v0 = key0_ ^ 0x736f6d6570736575,
                 .v1 = key1_ ^ 0x646f72616e646f6d ^ 0xee,
                 .v2 = key0_ ^ 0x6c7967656e657261,
                 .v3 = key1_ ^ 0x7465646279746573};
  size_t at = 0;
  for (; at + kWord <= event_id.size(); at += kWord) state.Take(LoadWord(event_id.data() + at));
  uint64_t last = static_cast<uint64_t>(event_id.size()) << 56;
  if (at < event_id.size()) {
    uint64_t rest = 0;
    std::memcpy(&rest, event_id.data() + at, event_id.size() - at);
    last |= rest;
  }
  state.Take(last);
  state.v2 ^= 0xee;
  state.Rounds(4);
  const uint64_t low = state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
  state.v1 ^= 0xdd;
  state.Rounds(4);
  return absl::MakeUint128(state.v0 ^ state.v1 ^ state.v2 ^ state.v3, low);
}

}  // namespace shortlist
