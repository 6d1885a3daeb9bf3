#include "data/importing/column_converter.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

OutputColumns Interactions() {
  OutputColumns output;
  output.columns = {{"who", "user_id", CellKind::kId, "token"},
                    {"what", "item_id", CellKind::kId, "token"},
                    {"stars", "rating", CellKind::kNumber, "float"},
                    {"when", "timestamp", CellKind::kTime, "float"},
                    {"device", "device", CellKind::kText, "token"}};
  return output;
}

TEST(ColumnConverter, WritesALineOrSaysWhichColumnIsBad) {
  const OutputColumns output = Interactions();
  ColumnConverter converter(output);
  std::string lines;
  const auto convert = [&](std::vector<std::string_view> cells) {
    return std::string(converter.Convert(cells, lines).message());
  };
  EXPECT_EQ(convert({"u", "i", "4", "2005-04-02 23:53:47", "NA\tTV"}), "");
  EXPECT_EQ(convert({"u", "j", "", "", ""}), "");
  EXPECT_EQ(convert({"", "j", "1", "1", ""}), "who is empty");
  EXPECT_EQ(convert({"v", "k", "good", "1", ""}), "stars is not a finite number: \"good\"");
  EXPECT_EQ(lines, "u\ti\t4\t2005-04-02 23:53:47\tNA TV\nu\tj\t\t\t\n");
  EXPECT_EQ(converter.lines(), 2u);
  EXPECT_EQ(converter.first_ids().count(), 1u);
  EXPECT_EQ(converter.second_ids().count(), 2u);
}

TEST(ColumnConverter, EmptiesTextThatIsDeclaredToSayNothingAndKeepsNumbers) {
  OutputColumns output = Interactions();
  output.columns[2].missing = {"-1", "unrated"};
  output.columns[3].missing = {"0000-00-00"};
  ColumnConverter converter(output);
  std::string lines;
  const std::vector<std::string_view> text = {"u", "i", "unrated", "0000-00-00", ""};
  EXPECT_TRUE(converter.Convert(text, lines).ok());
  const std::vector<std::string_view> number = {"u", "i", "-1", "5", ""};
  EXPECT_TRUE(converter.Convert(number, lines).ok());
  EXPECT_EQ(lines, "u\ti\t\t\t\nu\ti\t-1\t5\t\n");
}

TEST(ColumnConverter, KeepsIdsThatMayMeanNothingAndCountsThem) {
  OutputColumns output = Interactions();
  output.columns[1].missing = {"-", "0"};
  ColumnConverter converter(output);
  std::string lines;
  const std::vector<std::string_view> doubtful = {"NULL", "i", "", "", ""};
  EXPECT_TRUE(converter.Convert(doubtful, lines).ok());
  EXPECT_EQ(lines, "NULL\ti\t\t\t\n");
  EXPECT_EQ(converter.doubtful_ids().count, 1u);
  EXPECT_EQ(converter.doubtful_ids().column, "who");
  EXPECT_EQ(converter.doubtful_ids().example, "NULL");
  const std::vector<std::string_view> declared = {"u", "0", "", "", ""};
  EXPECT_EQ(std::string(converter.Convert(declared, lines).message()), "what is empty");
}

TEST(ColumnConverter, WritesALineForEachImpression) {
  OutputColumns output;
  output.columns = {{"user", "user_id", CellKind::kId, "token"},
                    {"shown", "item_id", CellKind::kId, "token"},
                    {"time", "timestamp", CellKind::kTime, "float"},
                    {"", "label", CellKind::kNumber, "float"}};
  output.impressions = true;
  ColumnConverter converter(output);
  std::string lines;
  const std::vector<std::string_view> cells = {"u", "a-1 b-0", "5"};
  ASSERT_TRUE(converter.Convert(cells, lines).ok());
  const std::vector<std::string_view> half = {"u", "c-1 d", "5"};
  EXPECT_FALSE(converter.Convert(half, lines).ok());
  EXPECT_EQ(lines, "u\ta\t5\t1\nu\tb\t5\t0\n");
  EXPECT_EQ(converter.lines(), 2u);
  EXPECT_THAT(SourceColumns(output), ElementsAre("user", "shown", "time"));
}

TEST(ColumnConverter, EmptiesNumbersOfAttributesThatSayNothing) {
  OutputColumns output;
  output.columns = {{"id", "item_id", CellKind::kId, "token"},
                    {"price", "price", CellKind::kAttributeNumber, "float"}};
  ColumnConverter converter(output);
  std::string lines;
  for (const char* price : {"1.5", "NULL", "from 3"}) {
    const std::vector<std::string_view> cells = {"i", price};
    EXPECT_TRUE(converter.Convert(cells, lines).ok());
  }
  EXPECT_EQ(lines, "i\t1.5\ni\t\ni\tfrom 3\n");
  EXPECT_THAT(HeaderOf(output), ElementsAre("item_id:token", "price:float"));
}

}  // namespace
}  // namespace shortlist
