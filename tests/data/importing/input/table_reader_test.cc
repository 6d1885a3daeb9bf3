#include "data/importing/input/table_reader.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace fs = std::filesystem;

class TableReaderTest : public ::testing::Test {
 protected:
  // Blocks as "PATH+LINES:TEXT".
  std::vector<std::string> ReadBlocks(std::vector<fs::path> files,
                                      std::vector<std::string> columns) {
    std::vector<std::string> blocks;
    auto table = TableReader::Open(std::move(files), {});
    status_ = table.status();
    if (status_.ok()) status_ = (*table)->Select(std::move(columns));
    TableBlock block;
    while (status_.ok()) {
      absl::StatusOr<bool> found = (*table)->Next(block);
      status_ = found.status();
      if (!found.ok() || !*found) break;
      positions_ = block.layout->positions;
      blocks.push_back(fs::path(block.layout->path).filename().string() + "+" +
                       std::to_string(block.lines_before.value_or(99)) + ":" + block.text);
    }
    return blocks;
  }
  std::string Error() { return std::string(status_.message()); }

  TemporaryFolder folder_;
  absl::Status status_;
  std::vector<size_t> positions_;
};

TEST_F(TableReaderTest, FindsTheColumnsInEachFile) {
  const std::vector<fs::path> files = {folder_.Write("a.csv", "\nuser,item\n1,2\n"),
                                       folder_.Write("b.csv", "item,more,user\n3,4,5\n")};
  EXPECT_THAT(ReadBlocks(files, {"user", "item"}), ElementsAre("a.csv+2:1,2\n", "b.csv+1:3,4,5\n"));
  EXPECT_THAT(positions_, ElementsAre(2, 0));
}

TEST_F(TableReaderTest, NamesWhatIsMissing) {
  const fs::path good = folder_.Write("a.csv", "user,item\n1,2\n");
  ReadBlocks({good, folder_.Write("b.csv", "user\n1\n")}, {"user", "item"});
  EXPECT_THAT(Error(), HasSubstr("b.csv:1: there is no column item; there are: user"));
  ReadBlocks({folder_.Write("b.csv", "user,user\n1,2\n")}, {"user"});
  EXPECT_THAT(Error(), HasSubstr("b.csv:1: two columns user"));
  ReadBlocks({folder_.Write("b.csv", "")}, {"user"});
  EXPECT_THAT(Error(), HasSubstr("b.csv is empty"));
  ReadBlocks({folder_.Write("b.json", "{\n}\n")}, {"user"});
  EXPECT_THAT(Error(), HasSubstr("b.json:1: there are no JSON objects"));
}

TEST_F(TableReaderTest, TakesKeysOfJsonAsColumns) {
  const auto table = TableReader::Open({folder_.Write("a.jsonl", "{\"a\": 1}\n{\"b\": 2}\n")}, {});
  ASSERT_TRUE(table.ok());
  EXPECT_THAT((*table)->columns(), ElementsAre("a", "b"));
  EXPECT_EQ((*table)->total_bytes(), 18u);
}

TEST_F(TableReaderTest, TakesTheNamesThatTheFormatHas) {
  TableFormat format;
  format.columns = {"user", "item"};
  const auto table = TableReader::Open({folder_.Write("a.tsv", "1\t2\n")}, format);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ((*table)->first_rows(), "1\t2\n");
  EXPECT_EQ((*table)->format().delimiter, "\t");
}

TEST_F(TableReaderTest, SelectsAnyColumnsByTheirOrder) {
  const auto table = TableReader::Open(
      {folder_.Write("a.csv", ",x,\n1,2,3\n"), folder_.Write("b.csv", "x,\n4,5\n")}, {});
  ASSERT_TRUE(table.ok());
  (*table)->SelectAny((*table)->columns());
  EXPECT_THAT((*table)->layout().positions, ElementsAre(0, 1, 2));
  TableBlock block;
  ASSERT_TRUE(*(*table)->Next(block));
  ASSERT_TRUE(*(*table)->Next(block));
  EXPECT_THAT(block.layout->positions, ElementsAre(1, 0, TableLayout::kNowhere));
}

TEST_F(TableReaderTest, ListsThePartsOfAFolderInOrder) {
  for (const char* name : {"parts/b.csv", "parts/a.csv", "parts/_SUCCESS", "parts/.a.crc"})
    folder_.Write(name, "");
  const std::vector<fs::path> paths = {"-", folder_ / "parts"};
  const auto files = ListParts(paths);
  ASSERT_TRUE(files.ok());
  EXPECT_THAT(*files, ElementsAre("-", folder_ / "parts/a.csv", folder_ / "parts/b.csv"));
  folder_.Write("none/_SUCCESS", "");
  const std::vector<fs::path> none = {folder_ / "none"};
  EXPECT_THAT(std::string(ListParts(none).status().message()), HasSubstr("no files in the folder"));
}

TEST_F(TableReaderTest, ReadsRowsThatDoNotEndInTheFirstBlock) {
  const std::string row = "1,\"" + std::string(2 << 20, 'x') + "\"\n";
  EXPECT_THAT(ReadBlocks({folder_.Write("a.csv", "user,item\n" + row)}, {"user", "item"}),
              ElementsAre("a.csv+1:" + row));
}

TEST_F(TableReaderTest, PassesEmptyFilesOver) {
  const fs::path empty = folder_.Write("a.csv", ""), blank = folder_.Write("b.csv", "\n\n");
  EXPECT_THAT(
      ReadBlocks({empty, folder_.Write("c.csv", "user;item\n1;2\n"), blank}, {"user", "item"}),
      ElementsAre("c.csv+1:1;2\n"));
  EXPECT_EQ(Error(), "");
  ReadBlocks({empty, blank}, {"user"});
  EXPECT_THAT(Error(), HasSubstr("a.csv and all files after it are empty"));
}

TEST_F(TableReaderTest, IgnoresAHashBeforeTheHeader) {
  EXPECT_THAT(ReadBlocks({folder_.Write("a.csv", "# user,item\n1,2\n")}, {"user"}),
              ElementsAre("a.csv+1:1,2\n"));
}

TEST_F(TableReaderTest, ReadsAFileThatIsPlainAndPackedOnce) {
  for (const char* name : {"in/a.csv.gz", "in/a.csv", "in/b.csv.gz", "in/b.csv.zst"})
    folder_.Write(name, "");
  const std::vector<fs::path> paths = {folder_ / "in"};
  EXPECT_THAT(*ListParts(paths), ElementsAre(folder_ / "in/a.csv", folder_ / "in/b.csv.gz"));
}

}  // namespace
}  // namespace shortlist
