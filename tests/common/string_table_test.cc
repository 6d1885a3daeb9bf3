#include "common/string_table.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<ArrayFile> Write(const std::filesystem::path& path,
                                const std::vector<std::string>& strings) {
  ArrayFileWriter writer;
  AddStringTable(writer, "ids", strings);
  RETURN_IF_ERROR(writer.Write(path));
  return ArrayFile::Open(path);
}

TEST(StringTable, FindsEveryStringAndNoOther) {
  TemporaryFolder folder;
  std::vector<std::string> strings = {"", "a", "Amélie", std::string("nul\0nul", 7)};
  for (int i = 0; i < 5000; ++i) strings.push_back("item-" + std::to_string(i));
  auto file = Write(folder / "ids.arr", strings);
  ASSERT_TRUE(file.ok()) << file.status();
  auto table = StringTable::Open(*file, "ids");
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->size(), strings.size());
  for (uint32_t i = 0; i < strings.size(); ++i) {
    EXPECT_EQ((*table)[i], strings[i]);
    EXPECT_EQ(table->Find(strings[i]), i);
  }
  const std::vector<std::string_view> asked = {"item-17", "item-5000", "", "item-4999", "item-17"};
  EXPECT_THAT(table->FindAll(asked), testing::ElementsAre(21, StringTable::kNotFound, 0, 5003, 21));
  EXPECT_EQ(table->Find("item-5000"), std::nullopt);
  EXPECT_EQ(table->Find("A"), std::nullopt);
}

TEST(StringTable, FindsTheFirstOfEqualStrings) {
  TemporaryFolder folder;
  auto file = Write(folder / "ids.arr", {"x", "twice", "twice"});
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(StringTable::Open(*file, "ids")->Find("twice"), 1);
}

TEST(StringTable, FindsNothingInAnEmptyOne) {
  TemporaryFolder folder;
  auto file = Write(folder / "ids.arr", {});
  ASSERT_TRUE(file.ok()) << file.status();
  auto table = StringTable::Open(*file, "ids");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->size(), 0);
  EXPECT_EQ(table->Find("x"), std::nullopt);
  EXPECT_EQ(StringTable().Find("x"), std::nullopt);
}

// A table from arrays that do not belong together.
absl::Status OpenTable(std::vector<char> bytes, std::vector<uint64_t> offsets,
                       std::vector<uint32_t> slots) {
  TemporaryFolder folder;
  ArrayFileWriter writer;
  writer.AddOwned("ids.bytes", std::move(bytes));
  writer.AddOwned("ids.offsets", std::move(offsets));
  writer.AddOwned("ids.slots", std::move(slots));
  RETURN_IF_ERROR(writer.Write(folder / "ids.arr"));
  ASSIGN_OR_RETURN(ArrayFile file, ArrayFile::Open(folder / "ids.arr"));
  return StringTable::Open(file, "ids").status();
}

TEST(StringTable, RefusesATableThatWouldReadOutOfBoundsOrNotEnd) {
  constexpr uint32_t kEmpty = 0xFFFFFFFF;
  ASSERT_TRUE(OpenTable({'a', 'b'}, {0, 1, 2}, {0, 1, kEmpty, kEmpty}).ok());
  const std::pair<absl::Status, const char*> faults[] = {
      {OpenTable({'a', 'b'}, {}, {kEmpty}), "has no offsets"},
      {OpenTable({'a', 'b'}, {1, 1, 2}, {0, 1, kEmpty, kEmpty}), "the first offset is not 0"},
      {OpenTable({'a', 'b'}, {0, 2, 1, 2}, {0, 1, kEmpty, kEmpty}), "the offsets do not ascend"},
      {OpenTable({'a', 'b'}, {0, 1, 3}, {0, 1, kEmpty, kEmpty}),
       "the last offset is not the number of bytes"},
      {OpenTable({'a', 'b'}, {0, 1, 2}, {0, 1, kEmpty}),
       "the number of slots is not a power of two"},
      {OpenTable({'a', 'b'}, {0, 1, 2}, {0, 1}), "has no more slots than strings"},
      {OpenTable({'a', 'b'}, {0, 1, 2}, {0, 2, kEmpty, kEmpty}),
       "a slot names a string that is not there"},
      {OpenTable({'a', 'b'}, {0, 1, 2}, {0, 1, 0, 1}), "no slot is empty"},
  };
  for (const auto& [status, reason] : faults) {
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()),
                HasSubstr(std::string("ids.arr: string table ids: ") + reason));
  }
}

}  // namespace
}  // namespace shortlist
