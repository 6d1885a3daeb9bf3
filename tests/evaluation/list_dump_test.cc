#include "evaluation/list_dump.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

class ListDumpTest : public testing::Test {
 protected:
  ListDumpTest() {
    dataset_.user_ids = {"ann", "bob \"b\""};
    dataset_.items.ids = {"i0", "i\\1", "i2"};
    cases_.resize(3);
    cases_[0].user.user = 1;
    cases_[0].relevant = {2, 1};
    cases_[1].user.user = kNoUser;
    cases_[1].asker = Asker::kUnseen;
    cases_[2].user.user = 0;
    cases_[2].relevant = {0};
  }

  TemporaryFolder folder_;
  Dataset dataset_;
  std::vector<TestCase> cases_;
};

TEST_F(ListDumpTest, HasALineForEachModelAndUserWhoAsksAsThemselves) {
  ListDump dump(folder_ / "lists.jsonl", dataset_);
  dump.Add("ease", cases_, {{0, 1}, {2}, {}});
  dump.Add("ials", cases_, {{1}, {2}, {2, 0, 1}});
  ASSERT_TRUE(dump.Finish().ok());
  EXPECT_EQ(
      ReadFile(folder_ / "lists.jsonl").value(),
      R"({"model": "ease", "user": "bob \"b\"", "relevant": ["i\\1", "i2"], "ranked": ["i0", "i\\1"]})"
      "\n"
      R"({"model": "ease", "user": "ann", "relevant": ["i0"], "ranked": []})"
      "\n"
      R"({"model": "ials", "user": "bob \"b\"", "relevant": ["i\\1", "i2"], "ranked": ["i\\1"]})"
      "\n"
      R"({"model": "ials", "user": "ann", "relevant": ["i0"], "ranked": ["i2", "i0", "i\\1"]})"
      "\n");
}

TEST_F(ListDumpTest, WithoutFinishLeavesTheOldFileAndNothingElse) {
  folder_.Write("lists.jsonl", "old");
  {
    ListDump dump(folder_ / "lists.jsonl", dataset_);
    dump.Add("ease", cases_, {{0}, {1}, {2}});
  }
  EXPECT_EQ(ReadFile(folder_ / "lists.jsonl").value(), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(ListDumpTest, AnErrorNamesTheFile) {
  ListDump dump(folder_ / "missing/lists.jsonl", dataset_);
  dump.Add("ease", cases_, {{0}, {1}, {2}});
  EXPECT_THAT(std::string(dump.Finish().message()), testing::HasSubstr("missing/lists.jsonl"));
}

}  // namespace
}  // namespace shortlist
