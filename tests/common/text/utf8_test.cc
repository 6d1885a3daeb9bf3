#include "common/text/utf8.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace shortlist {
namespace {

TEST(IsUtf8, AcceptsWellFormedText) {
  for (const char* text : {"", "plain", "Léon", "日本", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(IsUtf8(text)) << text;
}

TEST(IsUtf8, RefusesMalformedText) {
  const char* overlong = "\xC0\xAF";
  const char* surrogate = "\xED\xA0\x80";
  const char* too_large = "\xF4\x90\x80\x80";
  const char* cut_off = "\xE2\x82";
  const char* lone = "a\x80z";
  const char* latin1 = "L\xE9on";
  for (const char* text : {overlong, surrogate, too_large, cut_off, lone, latin1})
    EXPECT_FALSE(IsUtf8(text)) << text;
}

TEST(IsUtf16, IsWhatHasItsMarkOrNulsAtEveryOtherPlace) {
  using namespace std::string_view_literals;
  for (std::string_view text :
       {"\xFF\xFEu\0"sv, "\xFE\xFF\0u"sv, "u\0i\0\n\0"sv, "\0u\0i\0\n"sv, "u\0\x16\x04,\0i\0"sv})
    EXPECT_TRUE(IsUtf16(text)) << text;
  for (std::string_view text :
       {""sv, "u"sv, "user,item\n"sv, "\xEF\xBB\xBFu"sv, "\0\0\0\0"sv, "user,it\0em\n"sv})
    EXPECT_FALSE(IsUtf16(text)) << text;
}

TEST(Latin1ToUtf8, MakesEveryByteItsCodePoint) {
  EXPECT_EQ(Latin1ToUtf8("L\xE9on \xFF\x80"), "Léon ÿ\u0080");
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_TRUE(IsUtf8(Latin1ToUtf8(all)));
  EXPECT_EQ(Latin1ToUtf8(all).size(), 128 + 2 * 128);
}

}  // namespace
}  // namespace shortlist
