#include "data/importing/table_sample.h"

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

TEST(SampleBeginning, CountsWhatTheCellsAre) {
  const TemporaryFolder folder;
  const auto table = TableReader::Open(
      {folder.Write("x.csv",
                    "n,code,when,list\n1,007,2019-01-01,a|b\n2.5,7,2019-01-02,c\n,8,x,True\n"
                    "bad\n1,9,NULL,a|b\n")},
      {});
  ASSERT_TRUE(table.ok());
  const TableSample sample = SampleBeginning(**table);
  EXPECT_EQ(sample.rows, 4u);
  EXPECT_EQ(sample.bad_rows, 1u);
  EXPECT_EQ(sample.first_error, "expected 4 columns, found 1");
  EXPECT_FALSE(sample.whole);
  const ColumnSample& n = sample.columns[0];
  EXPECT_EQ(n.missing, 1u);
  EXPECT_TRUE(n.AreNumbers());
  EXPECT_THAT(n.examples, ElementsAre("1", "2.5"));
  EXPECT_FALSE(sample.columns[1].AreNumbers());  // 007 is a code.
  EXPECT_EQ(sample.columns[2].dates, 2u);
  EXPECT_EQ(sample.columns[2].texts, 1u);
  EXPECT_EQ(sample.columns[2].missing, 1u);
  EXPECT_EQ(sample.columns[2].empty, 0u);
  EXPECT_THAT(sample.columns[3].cells, ElementsAre("a|b", "a|b"));
  EXPECT_EQ(sample.columns[3].booleans, 1u);
}

TEST(SampleAll, TakesAllOfASmallTable) {
  const TemporaryFolder folder;
  std::string content = "user\n";
  for (int row = 0; row < 300'000; ++row) content += "user" + std::to_string(row) + "\n";
  const std::vector<std::filesystem::path> files = {folder.Write("x.csv", content)};
  const absl::StatusOr<TableSample> sample = SampleAll(files, {});
  ASSERT_TRUE(sample.ok());
  EXPECT_TRUE(sample->whole);
  EXPECT_EQ(sample->rows, 300'000u);
}

TEST(SampleAll, LooksAtPlacesAllOverALargeOne) {
  const TemporaryFolder folder;
  std::string content = "user,text\n";
  const std::string text(1000, 'x');
  int row = 0;
  for (; content.size() < 66 << 20; ++row)  // Numbers first, and something else at the end.
    content += (content.size() < 50 << 20 ? "1," : "one,") + text + "\n";
  // The columns are in another order there, and there is nothing in the third.
  const std::vector<std::filesystem::path> files = {folder.Write("x.csv", content),
                                                    folder.Write("y.csv", "text,user\nlast,2\n"),
                                                    folder.Write("z.csv", "")};
  const absl::StatusOr<TableSample> sample = SampleAll(files, {});
  ASSERT_TRUE(sample.ok());
  EXPECT_THAT(sample->columns[0].examples, ElementsAre("1", "one", "2"));
  EXPECT_FALSE(sample->whole);
  EXPECT_LT(sample->rows, static_cast<uint64_t>(row) / 5);
  EXPECT_EQ(sample->bad_rows, 0u);
  EXPECT_GT(sample->columns[0].texts, 0u);
  EXPECT_GT(sample->columns[0].numbers, sample->columns[0].texts);
}

TEST(SampleAll, TellsWhatJsonHolds) {
  const TemporaryFolder folder;
  const absl::StatusOr<TableSample> sample = SampleAll(
      {folder.Write("x.jsonl", "{\"a\": [1, 2]}\n{\"a\": {\"b\": 1}}\n{\"c\": null}\n")}, {});
  ASSERT_TRUE(sample.ok());
  ASSERT_EQ(sample->columns.size(), 2u);
  EXPECT_EQ(sample->columns[0].arrays, 1u);
  EXPECT_EQ(sample->columns[0].objects, 1u);
  EXPECT_EQ(sample->columns[0].missing, 1u);
  EXPECT_EQ(sample->columns[1].empty, 3u);
}

}  // namespace
}  // namespace shortlist
