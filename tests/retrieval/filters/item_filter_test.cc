#include "retrieval/filters/item_filter.h"

#include <limits>
#include <random>
#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Five films:   0          1       2             3      4
//   genre       Comedy     Drama   Comedy Drama  -      War
//   language    en         fr      en            en     -
//   year        1990       1995    1995          2001.5 -
class ItemFilterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    CatalogData data;
    data.ids = {"a", "b", "c", "d", "e"};
    data.schema = {{.name = "genre",
                    .type = AttributeType::kTokens,
                    .values = {"Comedy", "Drama", "War"},
                    .bucket_edges = {}},
                   {.name = "language",
                    .type = AttributeType::kToken,
                    .values = {"en", "fr"},
                    .bucket_edges = {}},
                   {.name = "year",
                    .type = AttributeType::kNumber,
                    .values = {"to 1994", "1994 to 1996", "1996 to 2000", "from 2000"},
                    .bucket_edges = {1994, 1996, 2000}}};
    data.code_offsets = {0, 3, 6, 10, 12, 13};
    data.codes = {0, 3, 5, 1, 4, 6, 0, 1, 3, 6, 3, 8, 2};
    data.numbers = {{1990, 1995, 1995, 2001.5, kNone}};
    data.interaction_counts = {1, 1, 1, 1, 1};
    ASSERT_TRUE(WriteCatalog(data, folder_ / "catalog.arr").ok());
    auto catalog = Catalog::Open(folder_ / "catalog.arr");
    ASSERT_TRUE(catalog.ok()) << catalog.status();
    catalog_ = *std::move(catalog);
    index_.emplace(catalog_);
  }

  std::vector<ItemRow> Passing(const FilterConditions& conditions) {
    auto filter = index_->Compile(conditions);
    EXPECT_TRUE(filter.ok()) << filter.status();
    std::vector<ItemRow> rows;
    filter->ForEachPassing(catalog_.item_count(), [&](ItemRow row) { rows.push_back(row); });
    EXPECT_EQ(rows.size(), filter->PassingCount(catalog_.item_count()));
    ExpectTheSameInAnotherOrder(conditions, rows);
    return rows;
  }

  void ExpectTheSameInAnotherOrder(const FilterConditions& conditions,
                                   const std::vector<ItemRow>& expected) {
    const std::vector<uint32_t> rows = {3, 1, 4, 0, 2}, positions = {3, 1, 4, 0, 2};
    const ItemOrder order = {rows, positions};
    const AttributeIndex ordered(catalog_, &order);
    auto filter = ordered.Compile(conditions);
    ASSERT_TRUE(filter.ok()) << filter.status();
    std::vector<ItemRow> found;
    filter->ForEachPassing(catalog_.item_count(), [&](ItemRow row) { found.push_back(row); });
    EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(expected));
    filter->Exclude(std::vector<ItemRow>{4, 1});
    size_t passing = 0;
    for (ItemRow row : expected) {
      EXPECT_EQ(filter->Passes(row), row != 4 && row != 1);
      passing += row != 4 && row != 1;
    }
    EXPECT_EQ(filter->PassingCount(catalog_.item_count()), passing);
  }

  static FilterCondition Value(std::string attribute, std::vector<std::string> values) {
    return {.attribute = std::move(attribute), .any_value = std::move(values), .range = {}};
  }
  static FilterCondition Year(std::optional<double> min, std::optional<double> max) {
    return {.attribute = "year", .any_value = {}, .range = FilterCondition::Range{min, max}};
  }

  TemporaryFolder folder_;
  Catalog catalog_;
  std::optional<AttributeIndex> index_;
};

TEST_F(ItemFilterTest, PassesEverythingByDefault) {
  EXPECT_THAT(Passing({}), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(index_->Compile({})->allowed(), nullptr);
}

TEST_F(ItemFilterTest, MatchesItemsWithAnyOfTheValues) {
  EXPECT_THAT(Passing({.all_of = {Value("genre", {"Comedy"})}, .any_of = {}, .none_of = {}}),
              ElementsAre(0, 2));
  EXPECT_THAT(Passing({.all_of = {Value("genre", {"Comedy", "War"})}, .any_of = {}, .none_of = {}}),
              ElementsAre(0, 2, 4));
}

TEST_F(ItemFilterTest, WantsAllOfAllOf) {
  EXPECT_THAT(Passing({.all_of = {Value("genre", {"Comedy"}), Value("genre", {"Drama"})},
                       .any_of = {},
                       .none_of = {}}),
              ElementsAre(2));
}

TEST_F(ItemFilterTest, WantsOneOfAnyOf) {
  EXPECT_THAT(Passing({.all_of = {},
                       .any_of = {Value("genre", {"War"}), Value("language", {"fr"})},
                       .none_of = {}}),
              ElementsAre(1, 4));
}

TEST_F(ItemFilterTest, WantsNoneOfNoneOf) {
  EXPECT_THAT(Passing({.all_of = {},
                       .any_of = {},
                       .none_of = {Value("genre", {"War"}), Value("language", {"fr"})}}),
              ElementsAre(0, 2, 3));
}

TEST_F(ItemFilterTest, CombinesAllThree) {
  EXPECT_THAT(Passing({.all_of = {Value("language", {"en"})},
                       .any_of = {Value("genre", {"Drama", "Comedy"}), Year(2000, {})},
                       .none_of = {Value("genre", {"Drama"})}}),
              ElementsAre(0, 3));
}

TEST_F(ItemFilterTest, TakesRangesAsInclusiveAndExactWithinBuckets) {
  auto in_range = [&](std::optional<double> min, std::optional<double> max) {
    return Passing({.all_of = {Year(min, max)}, .any_of = {}, .none_of = {}});
  };
  EXPECT_THAT(in_range(1990, 1995), ElementsAre(0, 1, 2));
  EXPECT_THAT(in_range(1990.5, 1995), ElementsAre(1, 2));
  EXPECT_THAT(in_range(1995.5, 2001), IsEmpty());
  EXPECT_THAT(in_range(1995, 1995), ElementsAre(1, 2));
  EXPECT_THAT(in_range({}, 1990), ElementsAre(0));
  EXPECT_THAT(in_range(1991, {}), ElementsAre(1, 2, 3));
  EXPECT_THAT(in_range({}, {}), ElementsAre(0, 1, 2, 3));  // Those that have a year.
  EXPECT_THAT(in_range(2000, 1990), IsEmpty());
  EXPECT_THAT(in_range(std::numeric_limits<double>::quiet_NaN(), {}), IsEmpty());
  EXPECT_THAT(in_range(-1e300, 1e300), ElementsAre(0, 1, 2, 3));
}

TEST_F(ItemFilterTest, TakesAValueOfANumericAttributeAsEquality) {
  auto equal = [&](std::string value) {
    return Passing({.all_of = {Value("year", {std::move(value)})}, .any_of = {}, .none_of = {}});
  };
  EXPECT_THAT(equal("1995"), ElementsAre(1, 2));
  EXPECT_THAT(equal("2001.5"), ElementsAre(3));
  EXPECT_THAT(equal("1994"), IsEmpty());
  EXPECT_THAT(equal("1995x"), IsEmpty());
  EXPECT_THAT(equal("nan"), IsEmpty());
}

// Neighbours that are the same as floats: dates as numbers, Unix times in seconds and milliseconds.
TEST(ItemFilter, ComparesNumbersAsDoubles) {
  const std::vector<double> released = {20240228, 20240229, 1709164800, 1709164801, 1709164800123};
  const TemporaryFolder folder;
  CatalogData data;
  data.ids = {"a", "b", "c", "d", "e"};
  data.schema = {{.name = "released",
                  .type = AttributeType::kNumber,
                  .values = {"1", "2", "3", "4", "5"},
                  .bucket_edges = {20240229, 1709164800, 1709164801, 1709164800123}}};
  data.code_offsets = {0, 1, 2, 3, 4, 5};
  data.codes = {0, 1, 2, 3, 4};
  data.numbers = {released};
  data.interaction_counts = {1, 1, 1, 1, 1};
  ASSERT_TRUE(WriteCatalog(data, folder / "catalog.arr").ok());
  const auto catalog = Catalog::Open(folder / "catalog.arr");
  ASSERT_TRUE(catalog.ok()) << catalog.status();
  const AttributeIndex index(*catalog);
  const char* const texts[] = {"20240228", "20240229", "1709164800", "1709164801", "1709164800123"};
  for (ItemRow row = 0; row < released.size(); ++row) {
    const FilterCondition equal{.attribute = "released", .any_value = {texts[row]}, .range = {}};
    const FilterCondition from{.attribute = "released",
                               .any_value = {},
                               .range = FilterCondition::Range{released[row], released[row]}};
    for (const FilterCondition& condition : {equal, from}) {
      const auto filter = index.Compile({.all_of = {condition}, .any_of = {}, .none_of = {}});
      ASSERT_TRUE(filter.ok()) << filter.status();
      for (ItemRow other = 0; other < released.size(); ++other)
        EXPECT_EQ(filter->Passes(other), other == row) << texts[row];
    }
  }
}

TEST_F(ItemFilterTest, MatchesNothingForAValueThatNoItemHas) {
  EXPECT_THAT(Passing({.all_of = {Value("genre", {"Opera"})}, .any_of = {}, .none_of = {}}),
              IsEmpty());
  EXPECT_THAT(Passing({.all_of = {}, .any_of = {}, .none_of = {Value("genre", {"Opera"})}}),
              ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(ItemFilterTest, NamesAnUnknownAttributeAndThoseThereAre) {
  for (const FilterConditions& conditions :
       {FilterConditions{.all_of = {Value("colour", {"red"})}, .any_of = {}, .none_of = {}},
        FilterConditions{.all_of = {}, .any_of = {Value("colour", {"red"})}, .none_of = {}},
        FilterConditions{.all_of = {}, .any_of = {}, .none_of = {Value("colour", {"red"})}}}) {
    auto filter = index_->Compile(conditions);
    ASSERT_EQ(filter.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(filter.status().message()), HasSubstr("\"colour\""));
    EXPECT_THAT(std::string(filter.status().message()), HasSubstr("genre, language, year"));
  }
}

TEST_F(ItemFilterTest, RefusesARangeOfAnAttributeThatIsNotNumeric) {
  FilterCondition condition = Year(1, 2);
  condition.attribute = "genre";
  auto filter = index_->Compile({.all_of = {condition}, .any_of = {}, .none_of = {}});
  ASSERT_EQ(filter.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(filter.status().message()), HasSubstr("\"genre\" is not numeric"));
}

TEST_F(ItemFilterTest, LeavesExcludedRowsOut) {
  ItemFilter filter =
      *index_->Compile({.all_of = {Value("language", {"en"})}, .any_of = {}, .none_of = {}});
  filter.Exclude(std::vector<ItemRow>{2, 1});
  filter.Exclude(std::vector<ItemRow>{2});
  EXPECT_TRUE(filter.Passes(0));
  EXPECT_FALSE(filter.Passes(1));
  EXPECT_FALSE(filter.Passes(2));
  EXPECT_EQ(filter.PassingCount(5), 2);
}

// As when a catalog grows after the item index was built, or a filter is older than the index.
TEST(ItemFilter, CountsAndVisitsOnlyRowsOfTheCatalogAskedAbout) {
  constexpr uint32_t kRows = 40;
  std::vector<ItemRow> rows(kRows);
  for (uint32_t position = 0; position < kRows; ++position) rows[position] = kRows - 1 - position;
  const std::vector<uint32_t> positions = rows;  // The same backwards.
  const ItemOrder order = {rows, positions};
  std::mt19937_64 random(2);
  for (int round = 0; round < 200; ++round) {
    Roaring members;
    for (uint32_t member = 0; member < kRows; ++member)
      if (random() % 2 == 0) members.add(member);
    ItemFilter filter(members, round % 2 == 0 ? &order : nullptr);
    auto some_rows = [&] {
      std::vector<ItemRow> some(random() % 10);
      for (ItemRow& row : some) row = static_cast<ItemRow>(random() % (2 * kRows));
      return some;
    };
    const std::vector<ItemRow> allowed = some_rows();
    filter.Allow(Roaring(allowed.size(), allowed.data()));
    filter.Exclude(some_rows());
    Bits hidden(2 * kRows);
    for (ItemRow row : some_rows()) hidden.Set(row);
    if (round % 3 == 0) filter.Hide(&hidden);
    for (uint32_t item_count : {0U, 20U, kRows, 60U}) {
      std::set<ItemRow> expected, visited;
      for (ItemRow row = 0; row < item_count; ++row)
        if (filter.Passes(row)) expected.insert(row);
      filter.ForEachPassing(item_count,
                            [&](ItemRow row) { EXPECT_TRUE(visited.insert(row).second); });
      EXPECT_EQ(visited, expected);
      EXPECT_EQ(filter.PassingCount(item_count), expected.size());
      filter.Hide(nullptr);
      expected.clear();
      for (ItemRow row = 0; row < item_count; ++row)
        if (filter.Passes(row)) expected.insert(row);
      EXPECT_EQ(filter.PassingOrHiddenCount(item_count), expected.size());
      if (round % 3 == 0) filter.Hide(&hidden);
      EXPECT_EQ(filter.PassingOrHiddenCount(item_count), expected.size());
    }
  }
}

TEST_F(ItemFilterTest, CountsWhatPassesForRandomExclusions) {
  std::mt19937_64 random(1);
  for (uint32_t items : {0, 1, 10, 1000}) {
    ItemFilter filter;
    std::vector<ItemRow> excluded(items / 2);
    for (ItemRow& row : excluded) row = static_cast<ItemRow>(random() % items);
    filter.Exclude(excluded);
    uint32_t passing = 0;
    for (ItemRow row = 0; row < items; ++row) passing += filter.Passes(row);
    EXPECT_EQ(filter.PassingCount(items), passing);
    uint32_t visited = 0;
    filter.ForEachPassing(items, [&](ItemRow row) {
      EXPECT_TRUE(filter.Passes(row));
      ++visited;
    });
    EXPECT_EQ(visited, passing);
  }
}

}  // namespace
}  // namespace shortlist
