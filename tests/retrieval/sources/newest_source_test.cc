#include "retrieval/sources/newest_source.h"

#include <cmath>
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/growing_catalog.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NewestSourceTest : public testing::Test {
 protected:
  NewestSourceTest() {
    CatalogData data;
    data.ids = {"a", "b", "c", "d"};
    data.schema = {
        {.name = "year", .type = AttributeType::kNumber, .values = {"all"}, .bucket_edges = {}}};
    data.code_offsets.assign(5, 0);
    data.numbers = {{1990, 2020, NAN, 2005}};
    data.interaction_counts.assign(4, 1);
    EXPECT_TRUE(WriteCatalog(data, folder_ / "catalog.arr").ok());
    catalog_ = Catalog::Open(folder_ / "catalog.arr").value();
  }

  static std::vector<ItemRow> Retrieve(const Catalog& catalog, const char* attribute, size_t k) {
    const EncodedUser user;
    const TakenItems taken(0);
    ItemFilter filter;
    filter.Hide(catalog.hidden());
    const SourceSettings settings{.newest_attribute = attribute};
    return NewestSource(catalog).Retrieve({user, filter, taken, settings}, k);
  }

  const TemporaryFolder folder_;
  Catalog catalog_;
};

TEST_F(NewestSourceTest, GoesByTheAttributeWhereThereIsOne) {
  EXPECT_THAT(Retrieve(catalog_, "year", 10), ElementsAre(1, 3, 0));
  EXPECT_THAT(Retrieve(catalog_, "year", 2), ElementsAre(1, 3));
  EXPECT_THAT(Retrieve(catalog_, "", 10), IsEmpty());
  EXPECT_THAT(Retrieve(catalog_, "colour", 10), IsEmpty());
}

TEST_F(NewestSourceTest, WhatCameAfterTrainingComesFirstTheLatestAtTheTop) {
  GrowingCatalog growing = GrowingCatalog::Make(catalog_).value();
  const EncodedItem item{.title = "", .codes = {}, .numbers = {1950}, .uncoded = {}};
  ASSERT_TRUE(growing.Append("e", item, {}).ok());
  ASSERT_TRUE(growing.Append("f", item, {}).ok());
  ASSERT_TRUE(growing.Append("b", item, {.learned_row = 1}).ok());  // Was told other attributes.
  ASSERT_TRUE(growing.Append("g", item, {}).ok());                  // And is withdrawn.
  Bits hidden(8);
  hidden.Set(1);
  hidden.Set(7);
  const Catalog catalog = growing.catalog(std::make_shared<const Bits>(hidden), nullptr);
  EXPECT_THAT(Retrieve(catalog, "", 10), ElementsAre(5, 4));
  // The row that "b" has now is in the place of the one before.
  EXPECT_THAT(Retrieve(catalog, "year", 10), ElementsAre(5, 4, 6, 3, 0));
}

}  // namespace
}  // namespace shortlist
