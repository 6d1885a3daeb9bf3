#include "common/growing/growing_strings.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/snapshot.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;

class GrowingStringsTest : public testing::Test {
 protected:
  void SetUp() override {
    ArrayFileWriter writer;
    AddStringTable(writer, "ids", strings_);
    file_ = *ArrayFile::InMemory(writer, "ids");
    base_ = *StringTable::Open(file_, "ids");
  }
  GrowingStrings Make(const StringTable& base, bool find, size_t empty = 0) {
    auto strings = GrowingStrings::Make(base, {.strings = 20'000, .bytes = 1 << 20}, find, empty);
    EXPECT_TRUE(strings.ok()) << strings.status();
    return *std::move(strings);
  }

  const std::vector<std::string> strings_ = {"a", "b", "c"};
  ArrayFile file_;
  StringTable base_;
};

TEST_F(GrowingStringsTest, FindsTheLastOfEqualStringsAndWhatWasThereBefore) {
  GrowingStrings strings = Make(base_, /*find=*/true);
  const StringTable before = strings.table();
  for (int i = 0; i < 5'000; ++i) ASSERT_TRUE(strings.Append("new-" + std::to_string(i)).ok());
  ASSERT_TRUE(strings.Append("b").ok());
  const StringTable middle = strings.table();
  ASSERT_TRUE(strings.Append("b").ok());
  ASSERT_TRUE(strings.Append("new-17").ok());
  const StringTable after = strings.table();

  EXPECT_EQ(before.size(), 3u);
  EXPECT_EQ(before.Find("new-17"), std::nullopt);
  EXPECT_EQ(before.Find("b"), 1);
  EXPECT_EQ(middle.size(), 5'004u);
  EXPECT_EQ(middle.Find("b"), 5'003);
  EXPECT_EQ(middle.Find("new-17"), 20);
  EXPECT_EQ(after.size(), 5'006u);
  EXPECT_EQ(after.Find("b"), 5'004);
  EXPECT_EQ(after.Find("new-17"), 5'005);
  EXPECT_EQ(after[5'005], "new-17");
  EXPECT_EQ(after[1], "b");
  const std::vector<std::string_view> asked = {"c", "b", "x", "new-4999"};
  EXPECT_THAT(after.FindAll(asked), ElementsAre(2, 5'004, StringTable::kNotFound, 5'002));
  EXPECT_THAT(before.FindAll(asked),
              ElementsAre(2, 1, StringTable::kNotFound, StringTable::kNotFound));
  for (uint32_t i = 0; i < after.size(); ++i) EXPECT_LE(i, *after.Find(after[i]));
}

TEST_F(GrowingStringsTest, BeginsWithEmptyStringsWhereThereWereNone) {
  GrowingStrings strings = Make({}, /*find=*/false, 3);
  ASSERT_TRUE(strings.Append("title").ok());
  const StringTable table = strings.table();
  ASSERT_EQ(table.size(), 4u);
  EXPECT_EQ(table[2], "");
  EXPECT_EQ(table[3], "title");
  EXPECT_EQ(table.Find("title"), std::nullopt);
}

TEST_F(GrowingStringsTest, FindsAmongWhatWasAddedToAnEmptyTable) {
  GrowingStrings strings = Make({}, /*find=*/true);
  ASSERT_TRUE(strings.Append("only").ok());
  EXPECT_EQ(strings.table().Find("only"), 0);
  EXPECT_THAT(strings.table().FindAll(std::vector<std::string_view>{"only", "other"}),
              ElementsAre(0, StringTable::kNotFound));
}

TEST_F(GrowingStringsTest, IsReadWhileItGrows) {
  GrowingStrings strings = Make(base_, /*find=*/true);
  Snapshot<StringTable> now(std::make_shared<const StringTable>(strings.table()));
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) {
      const std::shared_ptr<const StringTable> table = now.Get();
      const uint32_t last = table->size() - 1;
      ASSERT_EQ(table->Find((*table)[last]), last);
      ASSERT_EQ(table->Find("new-" + std::to_string(last - 2)), std::nullopt);
    }
  });
  for (int i = 0; i < 3'000; ++i) {
    ASSERT_TRUE(strings.Append("new-" + std::to_string(i)).ok());
    now.Set(std::make_shared<const StringTable>(strings.table()));
  }
  done = true;
  reader.join();
}

}  // namespace
}  // namespace shortlist
