#include "serving/requests/filter_compiler.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/support/test_models.h"

namespace shortlist {
namespace {

const Bundle& TestBundle() { return *SharedTestModels().bundle(); }

v1::AttributeCondition HasGenre(const std::string& genre) {
  v1::AttributeCondition condition;
  condition.set_attribute("genre");
  condition.mutable_any_value()->add_values(genre);
  return condition;
}

v1::AttributeCondition YearsFrom(double min) {
  v1::AttributeCondition condition;
  condition.set_attribute("year");
  condition.mutable_range()->set_min(min);
  return condition;
}

// Item i of the synthetic data has the genre i % 4 and the year 1980 + i * 7 % 40.
void ExpectPasses(const v1::ItemFilter& filter, const std::function<bool(int)>& expected) {
  const absl::StatusOr<ItemFilter> compiled = CompileFilter(filter, TestBundle());
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  for (int i = 0; i < 120; ++i) {
    const ItemRow row = *TestBundle().catalog.FindItem("i" + std::to_string(i));
    EXPECT_EQ(compiled->Passes(row), expected(i)) << "item i" << i;
  }
}

TEST(CompileFilter, AnEmptyFilterPassesEverything) {
  ExpectPasses(v1::ItemFilter(), [](int) { return true; });
}

TEST(CompileFilter, MeetsAllOfAtLeastOneOfAndNoneOf) {
  v1::ItemFilter filter;
  *filter.add_all_of() = YearsFrom(1990);
  *filter.add_any_of() = HasGenre("Comedy");
  *filter.add_any_of() = HasGenre("Drama");
  *filter.add_none_of() = YearsFrom(2010);
  ExpectPasses(filter, [](int i) {
    const int year = 1980 + i * 7 % 40;
    return year >= 1990 && year < 2010 && (i % 4 == 0 || i % 4 == 1);
  });
}

TEST(CompileFilter, AValueThatNoItemHasMatchesNothing) {
  v1::ItemFilter filter;
  *filter.add_all_of() = HasGenre("Opera");
  ExpectPasses(filter, [](int) { return false; });
}

TEST(CompileFilter, NamesTheFieldOfAnUnknownAttributeAndTheKnownOnes) {
  v1::ItemFilter filter;
  *filter.add_none_of() = HasGenre("Comedy");
  filter.add_none_of()->set_attribute("colour");
  EXPECT_EQ(CompileFilter(filter, TestBundle()).status(),
            absl::InvalidArgumentError("filter.none_of[1].attribute: unknown item attribute "
                                       "\"colour\"; the catalog has: genre, year"));
}

TEST(CompileFilter, NamesTheFieldOfARangeOfWords) {
  v1::ItemFilter filter;
  v1::AttributeCondition* condition = filter.add_any_of();
  condition->set_attribute("genre");
  condition->mutable_range()->set_max(3);
  EXPECT_EQ(CompileFilter(filter, TestBundle()).status(),
            absl::InvalidArgumentError("filter.any_of[0].range: item attribute \"genre\" is not "
                                       "numeric and has no ranges"));
}

}  // namespace
}  // namespace shortlist
