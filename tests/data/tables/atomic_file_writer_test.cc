#include "data/tables/atomic_file_writer.h"

#include <string>
#include <vector>

#include "common/files.h"
#include "data/tables/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

TEST(AtomicFileWriter, SeparatesCellsByTabsAndTakesThemOutOfTheCells) {
  const TemporaryFolder folder;
  AtomicFileWriter writer(folder / "toy.item", {"item_id:token", "title:token"});
  writer.AddRow({"1", "a\tb\r\nc"});
  writer.AddRow({"2", ""});
  ASSERT_TRUE(writer.Close().ok());
  EXPECT_EQ(*ReadFile(folder / "toy.item"), "item_id:token\ttitle:token\n1\ta b  c\n2\t\n");
}

TEST(AtomicFileWriter, QuotesCellsThatHoldQuotesSoThatTheyReadBack) {
  const TemporaryFolder folder;
  AtomicFileWriter writer(folder / "toy.item", {"item_id:token", "title:token"});
  writer.AddRow({"\"a\"", "6\" disc"});
  writer.AddRow({"a", "\"X\" Y\tZ"});
  ASSERT_TRUE(writer.Close().ok());
  const auto file = AtomicFile::Open(folder / "toy.item");
  ASSERT_TRUE(file.ok()) << file.status();
  std::vector<std::string> cells;
  BadRows bad_rows(/*skip=*/false);
  ASSERT_TRUE(file->ForEachRow(bad_rows,
                               [&](std::span<const std::string_view> row) {
                                 cells.insert(cells.end(), row.begin(), row.end());
                                 return absl::OkStatus();
                               })
                  .ok());
  EXPECT_THAT(cells, ::testing::ElementsAre("\"a\"", "6\" disc", "a", "\"X\" Y Z"));
}

TEST(AtomicFileWriter, WritesMoreThanItsBufferHolds) {
  const TemporaryFolder folder;
  AtomicFileWriter writer(folder / "toy.item", {"title:token"});
  const std::string title(1000, 'x');
  for (int row = 0; row < 2000; ++row) writer.AddRow({title});
  ASSERT_TRUE(writer.Close().ok());
  const std::string content = *ReadFile(folder / "toy.item");
  EXPECT_EQ(content.size(), 12 + 2000u * 1001);
  EXPECT_TRUE(content.ends_with(title + "\n"));
}

TEST(AtomicFileWriter, ReportsAFileThatCannotBeWrittenWhenItCloses) {
  const TemporaryFolder folder;
  AtomicFileWriter writer(folder / "none/toy.item", {"title:token"});
  writer.AddRow({"x"});
  EXPECT_THAT(std::string(writer.Close().message()),
              ::testing::HasSubstr("none/toy.item: cannot write"));
}

}  // namespace
}  // namespace shortlist
