#include "state/sqlite/id_filter.h"

namespace shortlist {
namespace {

constexpr size_t kBitsAnId = 12;
constexpr size_t kBitsALine = 512;
constexpr int kBitsSet = 6;  // Each chosen by 9 bits of the hash.

// Calls `visit(word, bit)` for each bit of the id, until it returns false; whether it never did.
template <class Visit>
bool AllBits(absl::uint128 id, const Visit& visit) {
  uint64_t bits = absl::Uint128High64(id);
  for (int i = 0; i < kBitsSet; ++i, bits >>= 9)
    if (!visit((bits >> 6) & 7, uint64_t{1} << (bits & 63))) return false;
  return true;
}

}  // namespace

IdFilter::IdFilter(size_t ids) : lines_(ids * kBitsAnId / kBitsALine + 1) {}

size_t IdFilter::LineOf(absl::uint128 id) const {
  return static_cast<size_t>(absl::Uint128High64(absl::uint128(absl::Uint128Low64(id)) *
                                                 static_cast<uint64_t>(lines_.size())));
}

void IdFilter::Add(absl::uint128 id) {
  Line& line = lines_[LineOf(id)];
  AllBits(id, [&](size_t word, uint64_t bit) {
    line.words[word] |= bit;
    return true;
  });
}

bool IdFilter::MayContain(absl::uint128 id) const {
  const Line& line = lines_[LineOf(id)];
  return AllBits(id, [&](size_t word, uint64_t bit) { return (line.words[word] & bit) != 0; });
}

}  // namespace shortlist
