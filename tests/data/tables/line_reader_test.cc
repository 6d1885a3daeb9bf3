#include "data/tables/line_reader.h"

#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

std::vector<std::string> LinesOf(std::string_view content) {
  LineReader reader("f", content);
  std::vector<std::string> lines;
  while (std::optional<std::string_view> line = reader.Next()) lines.emplace_back(*line);
  return lines;
}

TEST(LineReader, EndsLinesAtLfOrCrlfAndKeepsEmptyOnes) {
  EXPECT_THAT(LinesOf("a\r\n\nb\rc\n"), ::testing::ElementsAre("a", "", "b\rc"));
  EXPECT_THAT(LinesOf("a\nlast"), ::testing::ElementsAre("a", "last"));
  EXPECT_THAT(LinesOf(""), ::testing::IsEmpty());
}

TEST(LineReader, PassesOverAByteOrderMarkAtTheBeginningAlone) {
  EXPECT_THAT(LinesOf("\xEF\xBB\xBFx\n\xEF\xBB\xBFy\n"),
              ::testing::ElementsAre("x", "\xEF\xBB\xBFy"));
}

TEST(LineReader, NamesTheLineThatItReturnedLast) {
  LineReader reader("dir/f", "a\nb\nc\n");
  reader.Next();
  reader.Next();
  EXPECT_EQ(reader.line_number(), 2u);
  EXPECT_EQ(reader.Error("it is bad").message(), "dir/f:2: it is bad");
  EXPECT_EQ(reader.Error("it is bad", 7).message(), "dir/f:7: it is bad");
}

TEST(LineReader, GoesBackToWhereItWas) {
  LineReader reader("f", "a\nb\nc\n");
  reader.Next();
  const LineReader::Position position = reader.position();
  reader.Next();
  reader.Next();
  reader.Rewind(position);
  EXPECT_EQ(reader.line_number(), 1u);
  EXPECT_EQ(reader.Next(), "b");
}

}  // namespace
}  // namespace shortlist
