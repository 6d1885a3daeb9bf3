#include "data/interactions/sequence_rows.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/text/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

constexpr char kHeader[] =
    "user_id:token\titem_id:token\ttimestamp:float\titem_id_list:token_seq\ttimestamp_list:"
    "float_seq\n";

class SequenceRowsTest : public ::testing::Test {
 protected:
  // The interactions that a file adds, as "user item time", those out of lists in brackets.
  std::vector<std::string> Read(const std::string& content) {
    std::vector<std::string> interactions;
    status_ = ReadInto(content, interactions);
    return interactions;
  }
  absl::Status ReadInto(const std::string& content, std::vector<std::string>& interactions) {
    const auto file = AtomicFile::Open(folder_.Write("toy.inter", content));
    if (!file.ok()) return file.status();
    BadRows bad_rows(/*skip=*/false);
    const std::optional<size_t> time = file->FindColumn("timestamp");
    const SequenceColumns columns = FindSequenceColumns(*file, *file->FindColumn("user_id"),
                                                        *file->FindColumn("item_id"), time);
    return rows_.ForEachRow(*file, columns, bad_rows, [&](std::span<const std::string_view> cells) {
      std::string text =
          absl::StrCat(AbslView(cells[columns.user]), " ", AbslView(cells[columns.item]));
      if (time) absl::StrAppend(&text, " ", AbslView(cells[*time]));
      interactions.push_back(rows_.in_list() ? absl::StrCat("[", text, "]") : text);
      return absl::OkStatus();
    });
  }

  TemporaryFolder folder_;
  SequenceRows rows_;
  absl::Status status_;
};

TEST_F(SequenceRowsTest, CountsOverlappingBeginningsOnce) {
  EXPECT_THAT(Read(absl::StrCat(kHeader, "u\tb\t2\ta\t1\nu\tc\t3\ta b\t1 2\nv\tb\t9\tc\t4\n")),
              ElementsAre("[u a 1]", "u b 2", "u c 3", "[v c 4]", "v b 9"));
}

TEST_F(SequenceRowsTest, KnowsWhatRowsOfOtherFilesHave) {
  Read(absl::StrCat(kHeader, "u\tb\t2\ta\t1\n"));
  EXPECT_THAT(Read(absl::StrCat(kHeader, "u\tc\t3\ta b\t1 2.0\n")), ElementsAre("u c 3"));
  // What no file before has is history of the last.
  EXPECT_THAT(Read(absl::StrCat(kHeader, "w\tc\t3\ta b\t1 2\n")),
              ElementsAre("[w a 1]", "[w b 2]", "w c 3"));
}

TEST_F(SequenceRowsTest, IsTheSameWhateverTheOrderOfRows) {
  EXPECT_THAT(Read(absl::StrCat(kHeader, "u\tc\t3\ta b\t1 2\nu\tb\t2\ta\t1\n")),
              ElementsAre("[u a 1]", "u c 3", "u b 2"));
}

TEST_F(SequenceRowsTest, KeepsWhatWasDoneTwice) {
  EXPECT_THAT(Read(absl::StrCat(kHeader, "u\ta\t1\ta a\t1 1\nu\tb\t2\ta a a\t1 1 1\n")),
              ElementsAre("[u a 1]", "[u a 1]", "u a 1", "u b 2"));
  // The same item at another time is another interaction.
  EXPECT_THAT(Read(absl::StrCat(kHeader, "v\ta\t3\ta a\t1 2\n")),
              ElementsAre("[v a 1]", "[v a 2]", "v a 3"));
}

TEST_F(SequenceRowsTest, ListsNeedNoTimes) {
  EXPECT_THAT(Read("user_id:token\titem_id:token\titem_id_list:token_seq\n"
                   "u\tb\ta\nu\tc\ta b\nu\ta\ta b c\n"),
              ElementsAre("[u a]", "u b", "u c", "u a"));
}

TEST_F(SequenceRowsTest, ReadsPlainRowsAsTheyAre) {
  EXPECT_THAT(Read("user_id:token\titem_id:token\nu\ta\nu\ta\n"), ElementsAre("u a", "u a"));
}

TEST_F(SequenceRowsTest, RefusesListsOfDifferentLengths) {
  Read(absl::StrCat(kHeader, "u\tb\t2\ta b\t1\n"));
  EXPECT_THAT(std::string(status_.message()),
              ::testing::HasSubstr("toy.inter:2: the lists hold 2 items and 1 times"));
}

}  // namespace
}  // namespace shortlist
