#include "features/growing_catalog.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class GrowingCatalogTest : public testing::Test {
 protected:
  void Open() {
    ASSERT_TRUE(WriteCatalog(data_, folder_ / "catalog.arr").ok());
    base_ = *Catalog::Open(folder_ / "catalog.arr");
    growing_ = *GrowingCatalog::Make(base_);
  }
  EncodedItem Encoded(const std::string& title, const std::vector<NamedAttribute>& attributes) {
    return EncodeItem(title, attributes, base_.schema());
  }

  const TemporaryFolder folder_;
  CatalogData data_ = MakeSyntheticDataset().items;
  Catalog base_;
  GrowingCatalog growing_;
};

TEST_F(GrowingCatalogTest, HasWhatWasAddedAndWhatWasThere) {
  Open();
  const ItemRow items = base_.item_count();
  const std::vector<ItemRow> alike = {7, 3};
  ASSERT_TRUE(growing_
                  .Append("new", Encoded("New one", {{"genre", {"Comedy", "unheard of"}}}),
                          {.vector_origin = VectorOrigin::kFromAttributes, .alike = alike})
                  .ok());
  const Catalog first = growing_.catalog(nullptr, nullptr);
  ASSERT_TRUE(growing_.Append("i5", Encoded("Other title", {}), {.learned_row = 5}).ok());
  Bits hidden(items + 2);
  hidden.Set(5);
  hidden.Set(items);
  Bits deleted(items + 2);
  deleted.Set(items);
  const Catalog second =
      growing_.catalog(std::make_shared<const Bits>(hidden), std::make_shared<const Bits>(deleted));

  EXPECT_EQ(first.item_count(), items + 1);
  EXPECT_EQ(first.trained_count(), items);
  EXPECT_EQ(first.FindItem("new"), items);
  EXPECT_EQ(first.FindItem("i5"), 5);
  EXPECT_EQ(first.title(items), "New one");
  EXPECT_EQ(first.id(items), "new");
  EXPECT_EQ(first.interaction_counts()[items], 0);
  EXPECT_EQ(first.LearnedRow(items), kNoItem);
  EXPECT_EQ(first.LearnedRow(5), 5);
  EXPECT_THAT(first.AlikeRows(items), ElementsAre(7, 3));
  EXPECT_TRUE(first.AlikeRows(5).empty());
  EXPECT_EQ(first.vector_origin(items), VectorOrigin::kFromAttributes);
  EXPECT_EQ(first.vector_origin(5), VectorOrigin::kTrained);
  EXPECT_FALSE(first.IsHidden(5));
  EXPECT_EQ(first.Current(5), 5);
  std::vector<std::pair<uint32_t, std::string>> uncoded;
  auto visit = [&](uint32_t field, std::string_view value) { uncoded.emplace_back(field, value); };
  first.ForEachUncoded(items, visit);
  first.ForEachUncoded(5, visit);
  const auto genre =
      static_cast<uint32_t>(base_.schema().FindField("genre") - base_.schema().fields().data());
  EXPECT_THAT(uncoded, ElementsAre(Pair(genre, "unheard of")));

  EXPECT_EQ(second.FindItem("i5"), items + 1);
  EXPECT_EQ(second.title(items + 1), "Other title");
  EXPECT_EQ(second.interaction_counts()[items + 1], base_.interaction_counts()[5]);
  EXPECT_EQ(second.LearnedRow(items + 1), 5);
  EXPECT_THAT(second.AlikeRows(items), ElementsAre(7, 3));
  EXPECT_TRUE(second.AlikeRows(items + 1).empty());
  EXPECT_EQ(second.vector_origin(items + 1), VectorOrigin::kTrained);
  EXPECT_TRUE(second.codes(items + 1).empty());
  EXPECT_TRUE(second.IsHidden(5));
  EXPECT_FALSE(second.IsDeleted(5));
  EXPECT_TRUE(second.IsDeleted(items));
  EXPECT_EQ(second.Current(5), items + 1);
  EXPECT_EQ(second.Current(6), 6);
  EXPECT_EQ(second.Current(items), items);
  for (ItemRow row = 0; row < items; ++row) {
    ASSERT_EQ(second.title(row), base_.title(row));
    ASSERT_TRUE(std::ranges::equal(second.codes(row), base_.codes(row)));
  }
}

TEST_F(GrowingCatalogTest, AddsATitleWhereNoItemHasOne) {
  data_.titles.clear();
  Open();
  ASSERT_TRUE(growing_.Append("new", Encoded("New one", {}), {}).ok());
  const Catalog catalog = growing_.catalog(nullptr, nullptr);
  EXPECT_EQ(catalog.title(0), "");
  EXPECT_EQ(catalog.title(catalog.item_count() - 1), "New one");
}

}  // namespace
}  // namespace shortlist
