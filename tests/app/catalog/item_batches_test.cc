#include "app/catalog/item_batches.h"

#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/datasets/npy_bytes.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

class ItemBatchesTest : public testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name) << content;
    return folder_ / name;
  }
  const TemporaryFolder folder_;
};

TEST_F(ItemBatchesTest, ReadsAnAtomicFileAsTrainingDoes) {
  const std::string path = Write("films.item",
                                 "item_id:token\ttitle:token_seq\tgenre:token_seq\tyear:float\n"
                                 "b\tSecond film\tDrama War\t1999.5\n"
                                 "a\tFirst film\t\t\n");
  auto batches = ItemBatches::Open(path);
  ASSERT_TRUE(batches.ok()) << batches.status();
  EXPECT_EQ(batches->total(), 2u);
  const v1::UpsertItemsRequest request = *batches->Next();
  ASSERT_EQ(request.items_size(), 2);
  EXPECT_EQ(request.items(0).ShortDebugString(), R"(item_id: "a" title: "First film")");
  EXPECT_EQ(request.items(1).ShortDebugString(),
            R"(item_id: "b" title: "Second film" attributes { name: "genre" values: "Drama" )"
            R"(values: "War" } attributes { name: "year" values: "1999.5" })");
  EXPECT_EQ(batches->OfItem(absl::InvalidArgumentError("items[1].title: is odd")),
            absl::InvalidArgumentError(path + ": item b: title: is odd"));
  EXPECT_TRUE(batches->Next()->items().empty());
}

TEST_F(ItemBatchesTest, ReadsVectorsFromEveryForm) {
  auto batches = ItemBatches::Open(Write("films.item",
                                         "item_id:token\tpicture:float_seq\n"
                                         "b\t1 -2.5\n"
                                         "c\t1e-30 1e-30\n"  // Of no length, as training finds.
                                         "a\t\n"));
  ASSERT_TRUE(batches.ok()) << batches.status();
  EXPECT_EQ(batches->Next()->ShortDebugString(),
            R"(items { item_id: "a" } items { item_id: "b" vector: 1 vector: -2.5 } )"
            R"(items { item_id: "c" })");
  Write("books.item.npy", NpyBytes(2, 2, {1, -2.5F, 0, 0}));
  batches = ItemBatches::Open(Write("books.item", "item_id:token\nb\na\n"));
  ASSERT_TRUE(batches.ok()) << batches.status();
  EXPECT_EQ(batches->Next()->ShortDebugString(),
            R"(items { item_id: "a" } items { item_id: "b" vector: 1 vector: -2.5 })");
  batches = ItemBatches::Open(Write("items.jsonl", R"({"item_id": "b", "vector": [1, -2.5]})"));
  ASSERT_TRUE(batches.ok()) << batches.status();
  EXPECT_EQ(batches->Next()->ShortDebugString(),
            R"(items { item_id: "b" vector: 1 vector: -2.5 })");
}

TEST_F(ItemBatchesTest, ReadsLinesInBatches) {
  std::string lines = "\n";
  for (int i = 0; i < 1'001; ++i) lines += R"({"item_id": "n)" + std::to_string(i) + "\"}\n";
  const std::string path = Write("items.jsonl", lines);
  auto batches = ItemBatches::Open(path);
  ASSERT_TRUE(batches.ok()) << batches.status();
  EXPECT_EQ(batches->Next()->items_size(), 1'000);
  EXPECT_EQ(batches->OfItem(absl::InvalidArgumentError("items[2].item_id: is odd")),
            absl::InvalidArgumentError(path + ":4: item_id: is odd"));
  EXPECT_EQ(batches->Next()->items(0).item_id(), "n1000");
  EXPECT_TRUE(batches->Next()->items().empty());
}

TEST_F(ItemBatchesTest, NamesTheLineThatIsNoItem) {
  auto batches = ItemBatches::Open(Write("items.jsonl", "{\"item_id\": \"a\"}\n{\"colour\": 1}\n"));
  ASSERT_TRUE(batches.ok());
  const absl::Status status = batches->Next().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("items.jsonl:2: not an item"));
  EXPECT_FALSE(ItemBatches::Open(folder_ / "none.jsonl").ok());
  EXPECT_FALSE(ItemBatches::Open(folder_ / "none.item").ok());
}

}  // namespace
}  // namespace shortlist
