#include "common/text/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  ForEachWord(text, [&](std::string_view word) { words.emplace_back(word); });
  return words;
}

TEST(Words, AreRunsOfLettersAndDigitsInLowerCase) {
  EXPECT_THAT(WordsOf("Alien 3: The (1992) cut"), ElementsAre("alien", "3", "the", "1992", "cut"));
  EXPECT_THAT(WordsOf("-one--TWO-"), ElementsAre("one", "two"));
}

TEST(Words, KeepWhatIsNotAscii) {
  EXPECT_THAT(WordsOf("Am\u00e9lie, 48\u00b0"), ElementsAre("am\u00e9lie", "48\u00b0"));
}

TEST(Words, AreNoneInTextWithoutAny) {
  EXPECT_THAT(WordsOf(""), IsEmpty());
  EXPECT_THAT(WordsOf(" ,.- "), IsEmpty());
}

}  // namespace
}  // namespace shortlist
