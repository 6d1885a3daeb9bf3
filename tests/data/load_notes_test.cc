#include "data/load_notes.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/captured_log.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(LoadNotes, AreLoggedWithTheWholePathAndKeptWithoutTheFolder) {
  const CapturedLog log;
  LoadNotes notes;
  notes.Warn("/far/films.item", "column url is left out");
  notes.Inform("", "no time is known");
  EXPECT_THAT(notes.all(), ElementsAre("films.item: column url is left out", "no time is known"));
  EXPECT_THAT(log.text(), HasSubstr("/far/films.item: column url is left out"));
  EXPECT_THAT(log.text(), HasSubstr("no time is known"));
}

}  // namespace
}  // namespace shortlist
