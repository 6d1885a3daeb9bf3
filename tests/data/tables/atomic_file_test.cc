#include "data/tables/atomic_file.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/captured_log.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

using Rows = std::vector<std::vector<std::string>>;

Rows ReadRows(const AtomicFile& file, BadRows& bad_rows) {
  Rows rows;
  absl::Status status = file.ForEachRow(bad_rows, [&](std::span<const std::string_view> cells) {
    rows.emplace_back(cells.begin(), cells.end());
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return rows;
}

Rows ReadRows(std::string_view content) {
  TemporaryFolder folder;
  absl::StatusOr<AtomicFile> file = AtomicFile::Open(folder.Write("x.item", content));
  EXPECT_TRUE(file.ok()) << file.status();
  BadRows bad_rows(/*skip=*/false);
  return ReadRows(*file, bad_rows);
}

TEST(AtomicFile, ReadsNamesAndTypesFromTheHeader) {
  TemporaryFolder folder;
  absl::StatusOr<AtomicFile> file = AtomicFile::Open(
      folder.Write("x.item", "item_id:token\ttags:token_seq\ta:b:float\tvector:float_seq\n"));
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->columns().size(), 4u);
  EXPECT_EQ(file->columns()[0].name, "item_id");
  EXPECT_EQ(file->columns()[0].type, AtomicType::kToken);
  EXPECT_EQ(file->columns()[1].type, AtomicType::kTokenSeq);
  EXPECT_EQ(file->columns()[2].name, "a:b");
  EXPECT_EQ(file->columns()[2].type, AtomicType::kFloat);
  EXPECT_EQ(file->columns()[3].type, AtomicType::kFloatSeq);
  EXPECT_EQ(file->FindColumn("tags"), 1u);
  EXPECT_EQ(file->FindColumn("tag"), std::nullopt);
}

TEST(AtomicFile, SplitsRowsAtTabsAndKeepsEmptyCellsAndSpaces) {
  EXPECT_THAT(ReadRows("a:token\tb:token\tc:token\n1\t\t x y \n\t\t\n"),
              ElementsAre(ElementsAre("1", "", " x y "), ElementsAre("", "", "")));
}

TEST(AtomicFile, AcceptsCrlfAByteOrderMarkAndAMissingLastLineEnd) {
  EXPECT_THAT(ReadRows("\xEF\xBB\xBF"
                       "a:token\tb:token\r\n1\t2\r\n3\t4"),
              ElementsAre(ElementsAre("1", "2"), ElementsAre("3", "4")));
}

TEST(AtomicFile, ReadsWhatOthersWriteThatMeansTheSame) {
  const auto expected = ElementsAre(ElementsAre("1", "x y"), ElementsAre("3", "4"));
  for (const char* content : {
           "# user_id:token\titem_id:token\n1\tx y\n3\t4\n\n\n",
           "\n\nuser_id\titem_id\n1\tx y\n\n3\t4\n",
           "user_id:token,item_id:token\n1,x y\n3,4\n",
           "user_id:token,item_id:token\n1\tx y\n3\t4\n",
           "user_id:token\titem_id:token\t\n1\tx y\t\n3\t4\t\n",
           "user_id:token\titem_id:token\n1\tx y\t\n3\t4\t\n",
           "\xEF\xBB\xBF\"user_id:token\"\t\"item_id:token\"\n\"1\"\t\"x\ty\"\n3\t4\n",
           "user_id,item_id\n1,\"x y\"\n\"3\",4",
       })
    EXPECT_THAT(ReadRows(content), expected) << content;
}

TEST(AtomicFile, KeepsQuotesThatAreNotOfQuotingAndWarns) {
  const CapturedLog log;
  EXPECT_THAT(ReadRows("a:token\tb:token\n\"Cro\" D\t1\n\"x\"\t2\n"),
              ElementsAre(ElementsAre("\"Cro\" D", "1"), ElementsAre("\"x\"", "2")));
  EXPECT_THAT(log.text(), ::testing::HasSubstr("warning] "));
  EXPECT_THAT(log.text(),
              ::testing::HasSubstr("x.item: 2 cells begin with a quote, such as \"Cro\" D: the "
                                   "quotes are kept"));
}

TEST(AtomicFile, NamesTheHeadersLineAndFormsThatAreNoSuchText) {
  const TemporaryFolder folder;
  auto error = [&](const std::string& content) {
    return std::string(AtomicFile::Open(folder.Write("x.item", content)).status().message());
  };
  EXPECT_THAT(error("\n\nprice\n1\n"), ::testing::HasSubstr("x.item:3: \"price\" is not"));
  EXPECT_THAT(error("\xFF\xFEu"), ::testing::HasSubstr("x.item:1: the file is UTF-16"));
  EXPECT_THAT(error(std::string("u\0s\0", 4)),
              ::testing::HasSubstr("x.item:1: the file is UTF-16"));
  EXPECT_THAT(error("\x1F\x8B"), ::testing::HasSubstr("x.item:1: the file is compressed"));
  EXPECT_THAT(error(""), ::testing::HasSubstr("x.item:1: there is no header"));
}

TEST(AtomicFile, HasNoRowsAfterTheHeaderAlone) {
  EXPECT_TRUE(ReadRows("a:token").empty());
  EXPECT_TRUE(ReadRows("a:token\n").empty());
}

TEST(AtomicFile, StopsAtTheFirstBadRowAndNamesItsLine) {
  TemporaryFolder folder;
  std::filesystem::path path = folder.Write("x.item", "a:token\tb:token\n1\t2\n3\n4\t5\n");
  absl::StatusOr<AtomicFile> file = AtomicFile::Open(path);
  ASSERT_TRUE(file.ok()) << file.status();
  BadRows bad_rows(/*skip=*/false);
  int used = 0;
  absl::Status status = file->ForEachRow(bad_rows, [&](std::span<const std::string_view>) {
    ++used;
    return absl::OkStatus();
  });
  EXPECT_EQ(std::string(status.message()), path.string() + ":3: expected 2 columns, found 1");
  EXPECT_EQ(used, 1);
}

TEST(AtomicFile, LeavesOutAndCountsBadRowsWhenAsked) {
  TemporaryFolder folder;
  absl::StatusOr<AtomicFile> file =
      AtomicFile::Open(folder.Write("x.item", "a:token\tb:token\n1\t2\n3\n\xC0\xAF\t1\n4\t5\n"));
  ASSERT_TRUE(file.ok()) << file.status();
  BadRows bad_rows(/*skip=*/true);
  EXPECT_THAT(ReadRows(*file, bad_rows), ElementsAre(ElementsAre("1", "2"), ElementsAre("4", "5")));
  EXPECT_EQ(bad_rows.count(), 2u);
}

TEST(AtomicFile, AddsPathAndLineToTheReasonOfTheCaller) {
  TemporaryFolder folder;
  std::filesystem::path path = folder.Write("x.item", "a:token\n1\n2\n");
  absl::StatusOr<AtomicFile> file = AtomicFile::Open(path);
  ASSERT_TRUE(file.ok()) << file.status();
  BadRows bad_rows(/*skip=*/false);
  absl::Status status = file->ForEachRow(bad_rows, [](std::span<const std::string_view> cells) {
    return cells[0] == "2" ? absl::InvalidArgumentError("two") : absl::OkStatus();
  });
  EXPECT_EQ(std::string(status.message()), path.string() + ":3: two");
}

TEST(AtomicFile, NamesAFileThatIsNotThere) {
  EXPECT_THAT(std::string(AtomicFile::Open("/nowhere/x.item").status().message()),
              ::testing::HasSubstr("/nowhere/x.item"));
}

TEST(ParseNumber, TakesFiniteDecimalNumbersOnly) {
  EXPECT_EQ(*ParseNumber("3.5", "rating"), 3.5);
  EXPECT_EQ(*ParseNumber("-1e3", "rating"), -1000);
  for (const char* text : {"", "1,5", "nan", "inf", "1e999", "0x10", "+1"})
    EXPECT_FALSE(ParseNumber(text, "rating").ok()) << text;
}

}  // namespace
}  // namespace shortlist
