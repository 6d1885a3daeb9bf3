#include "data/tables/no_value.h"

#include "gtest/gtest.h"

namespace shortlist {
namespace {

TEST(MeansNoValue, KnowsTheUsualWordsInCapitalsOrNot) {
  for (const char* cell :
       {"",    " ",       "NULL",    "null", "NA", "N/A", "n/a", "NaN", "-nan", "None",
        "nil", "Unknown", "missing", "\\N",  "?",  "-",   "--",  "–",   "—",    " NA "})
    EXPECT_TRUE(MeansNoValue(cell)) << cell;
}

TEST(MeansNoValue, IsFalseForEverythingElse) {
  for (const char* cell : {"0", "-1", "-1.5", "7", "nano", "no", "nothing", "$5", "1 NA", "."})
    EXPECT_FALSE(MeansNoValue(cell)) << cell;
}

}  // namespace
}  // namespace shortlist
