#include "data/tables/atomic_file_writer.h"

#include <string>

#include "common/files.h"
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
