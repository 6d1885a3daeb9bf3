#include "retrieval/filters/attribute_segment.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/growing_catalog.h"
#include "features/item_encoder.h"
#include "retrieval/filters/item_filter.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Four items behind those of a data set of genre and year.
class AttributeSegmentTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(WriteCatalog(MakeSyntheticDataset().items, folder_ / "catalog.arr").ok());
    trained_ = *Catalog::Open(folder_ / "catalog.arr");
    growing_ = *GrowingCatalog::Make(trained_);
    first_ = trained_.item_count();
    Append({{"genre", {"Comedy", "Drama"}}, {"year", {"1999.5"}}});
    Append({{"genre", {"Drama", "Noir"}}, {"year", {"2000"}}});
    Append({{"genre", {"Noir"}}, {"year", {"1960"}}});
    Append({});
    catalog_ = growing_.catalog(nullptr, nullptr);
  }
  void Append(const std::vector<NamedAttribute>& attributes) {
    ASSERT_TRUE(growing_.Append("new", EncodeItem("", attributes, trained_.schema()), {}).ok());
  }

  // Rows from first_ on, of the segment of the rows [begin, end) from there on. An AttributeIndex
  // over the whole catalog, and one that grew row by row, say the same.
  std::vector<ItemRow> Matching(const FilterConditions& conditions, ItemRow begin = 0,
                                ItemRow end = 4) {
    const Roaring rows = AttributeSegment(catalog_, first_ + begin, first_ + end)
                             .Matching(conditions, catalog_.schema());
    std::vector<ItemRow> found;
    for (ItemRow row : rows) found.push_back(row - first_);
    if (end - begin < 4) return found;
    const AttributeIndex whole(catalog_);
    const AttributeIndex of_trained(trained_);
    const AttributeIndex grown(of_trained, catalog_, nullptr);
    for (const AttributeIndex* index : {&whole, &grown}) {
      const ItemFilter filter = *index->Compile(conditions);
      std::vector<ItemRow> passing;
      for (ItemRow row = first_; row < catalog_.item_count(); ++row)
        if (filter.Passes(row)) passing.push_back(row - first_);
      EXPECT_EQ(passing, found);
      const ItemFilter before = *of_trained.Compile(conditions);
      for (ItemRow row = 0; row < first_; ++row) EXPECT_EQ(filter.Passes(row), before.Passes(row));
    }
    return found;
  }
  static FilterCondition Genre(std::vector<std::string> values) {
    return {.attribute = "genre", .any_value = std::move(values)};
  }
  static FilterCondition Year(std::optional<double> min, std::optional<double> max) {
    return {.attribute = "year", .range = FilterCondition::Range{min, max}};
  }

  const TemporaryFolder folder_;
  Catalog trained_, catalog_;
  GrowingCatalog growing_;
  ItemRow first_ = 0;
};

TEST_F(AttributeSegmentTest, MatchesValuesThatTrainingKnewAndThatItDidNot) {
  EXPECT_THAT(Matching({.all_of = {Genre({"Drama"})}}), ElementsAre(0, 1));
  EXPECT_THAT(Matching({.all_of = {Genre({"Noir"})}}), ElementsAre(1, 2));
  EXPECT_THAT(Matching({.all_of = {Genre({"Noir", "Comedy"})}}), ElementsAre(0, 1, 2));
  EXPECT_THAT(Matching({.all_of = {Genre({"Musical"})}}), IsEmpty());
}

TEST_F(AttributeSegmentTest, MatchesNumbersExactly) {
  EXPECT_THAT(Matching({.all_of = {Year(1999.5, 2000)}}), ElementsAre(0, 1));
  EXPECT_THAT(Matching({.all_of = {Year({}, 1999)}}), ElementsAre(2));
  EXPECT_THAT(Matching({.all_of = {Year({}, {})}}), ElementsAre(0, 1, 2));
  EXPECT_THAT(Matching({.all_of = {Year(2, 1)}}), IsEmpty());
  EXPECT_THAT(Matching({.all_of = {{.attribute = "year", .any_value = {"1960", "2000.0"}}}}),
              ElementsAre(1, 2));
}

TEST_F(AttributeSegmentTest, CombinesConditions) {
  EXPECT_THAT(Matching({.all_of = {Genre({"Drama"}), Genre({"Noir"})}}), ElementsAre(1));
  EXPECT_THAT(Matching({.any_of = {Genre({"Comedy"}), Year({}, 1970)}}), ElementsAre(0, 2));
  EXPECT_THAT(Matching({.none_of = {Genre({"Noir"})}}), ElementsAre(0, 3));
  EXPECT_THAT(Matching({.all_of = {Genre({"Drama"})},
                        .any_of = {Genre({"Comedy"}), Genre({"Noir"})},
                        .none_of = {Year(2000, {})}}),
              ElementsAre(0));
}

TEST_F(AttributeSegmentTest, HasTheRowsThatItWasMadeOf) {
  EXPECT_THAT(Matching({.none_of = {Genre({"Comedy"})}}, 1, 3), ElementsAre(1, 2));
}

}  // namespace
}  // namespace shortlist
