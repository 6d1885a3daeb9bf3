#include "state/sqlite/event_hash.h"

#include <gtest/gtest.h>

#include <string>

namespace shortlist {
namespace {

// "000102..." as the authors of SipHash test it with.
std::string Counting(size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i) text += static_cast<char>(i);
  return text;
}

TEST(EventHash, IsSipHashOf128Bits) {
  const EventHash hash(Counting(EventHash::kKeyBytes));
  // As little-endian numbers: the digests a3817f04ba25a8e66df67214c7550293 and
  // da87c1d86b99af44347659119b22fc45 of its authors' tests; the last by OpenSSL.
  EXPECT_EQ(hash.Of(""), absl::MakeUint128(0x930255c71472f66d, 0xe6a825ba047f81a3));
  EXPECT_EQ(hash.Of(Counting(1)), absl::MakeUint128(0x45fc229b11597634, 0x44af996bd8c187da));
}

TEST(EventHash, DiffersWithEveryByteAndWithTheKey) {
  const EventHash hash(Counting(EventHash::kKeyBytes));
  EXPECT_NE(hash.Of("0123456789abcdef0"), hash.Of("0123456789abcdef1"));
  EXPECT_NE(hash.Of("0123456789abcdef"), hash.Of("1123456789abcdef"));
  EXPECT_NE(hash.Of("a"), hash.Of(std::string("a\0", 2)));
  EXPECT_NE(hash.Of("a"), EventHash(std::string(EventHash::kKeyBytes, 'k')).Of("a"));
}

}  // namespace
}  // namespace shortlist
