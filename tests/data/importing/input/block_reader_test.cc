#include "data/importing/input/block_reader.h"

#include <string>
#include <utility>
#include <vector>

#include "data/importing/input/delimited_rows.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class BlockReaderTest : public ::testing::Test {
 protected:
  std::vector<std::string> ReadBlocks(std::string_view content, TableFormat format = {}) {
    const std::filesystem::path path = folder_.Write("x", content);
    BlockReader reader(*ByteSource::Open(path), "x", std::move(format));
    std::vector<std::string> blocks;
    std::string block;
    while (true) {
      status_ = reader.Next(block);
      format_ = reader.format();
      if (!status_.ok() || block.empty()) return blocks;
      blocks.push_back(block);
    }
  }

  TemporaryFolder folder_;
  absl::Status status_;
  TableFormat format_;
};

TEST_F(BlockReaderTest, CutsBetweenRows) {
  // Every row has line ends in quotes, so that a block that ended in one would show.
  std::string content = "user,text\n";
  while (content.size() < 5 << 20) content += "7,\"one\ntwo\n\n" + std::string(90, '.') + "\"\n";
  const std::vector<std::string> blocks = ReadBlocks(content);
  EXPECT_THAT(blocks, SizeIs(::testing::Ge(5u)));
  EXPECT_THAT(blocks, Each(EndsWith(".\"\n")));
  std::string all;
  for (const std::string& block : blocks) all += block;
  EXPECT_EQ(all, content);
}

TEST_F(BlockReaderTest, ReadsRowsThatAreLongerThanABlock) {
  const std::string content = "a\n\"" + std::string(3 << 20, '\n') + "\"\nb\n";
  std::string all;
  for (const std::string& block : ReadBlocks(content)) all += block;
  EXPECT_EQ(all, content);
  ReadBlocks("{}\n{}\n{" + std::string(kMaxRowBytes + (4 << 20), ' '));
  EXPECT_THAT(std::string(status_.message()), HasSubstr("x:3: the row is longer than 16 MiB"));
}

TEST_F(BlockReaderTest, RecognisesTheFormatByTheFirstLine) {
  ReadBlocks(
      "\xEF\xBB\xBF"
      "user;item\n1;2\n");
  EXPECT_EQ(format_.kind, TableFormat::Kind::kDelimited);
  EXPECT_EQ(format_.delimiter, ";");
  ReadBlocks("\n  {\"user\": 1}\n");
  EXPECT_EQ(format_.kind, TableFormat::Kind::kJsonLines);
  for (const char* line : {"{'user': 1}\n", "{u'user': 1}\n"}) {
    ReadBlocks(line);
    EXPECT_EQ(format_.kind, TableFormat::Kind::kPythonLines);
  }
}

TEST_F(BlockReaderTest, LeavesAByteOrderMarkOutAndConvertsLatin1) {
  EXPECT_THAT(ReadBlocks("\xEF\xBB\xBFuser\n1\n"), ElementsAre("user\n1\n"));
  TableFormat latin1;
  latin1.latin1 = true;
  EXPECT_THAT(ReadBlocks("title\nL\xE9on\n", latin1), ElementsAre("title\nL\u00e9on\n"));
  EXPECT_THAT(ReadBlocks("title\nL\u00e9on\n", latin1), ElementsAre("title\nL\u00e9on\n"));
}

TEST_F(BlockReaderTest, RefusesUtf16WithAndWithoutItsMark) {
  const std::string text("u\0s\0e\0r\0,\0i\0\n\0", 14);
  for (const std::string& content : {text, "\xFF\xFE" + text, '\0' + text}) {
    EXPECT_THAT(ReadBlocks(content), ::testing::IsEmpty());
    EXPECT_EQ(std::string(status_.message()),
              "x: the file is UTF-16; UTF-8 is expected, as from iconv -f UTF-16 -t UTF-8");
  }
}

}  // namespace
}  // namespace shortlist
