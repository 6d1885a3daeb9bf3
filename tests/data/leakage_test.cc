#include "data/leakage.h"

#include <cmath>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/captured_log.h"

namespace shortlist {
namespace {

AttributeFieldData Number(std::string name) {
  return {
      .name = std::move(name), .type = AttributeType::kNumber, .values = {}, .bucket_edges = {}};
}

// 50 items of which one, two, ... people took; some have no number.
CatalogData Items(double (*number)(double count, std::mt19937_64& random)) {
  std::mt19937_64 random(1);
  CatalogData items;
  items.schema = {
      {.name = "genre", .type = AttributeType::kToken, .values = {}, .bucket_edges = {}},
      Number("reviews")};
  items.numbers.resize(1);
  for (int count = 1; count <= 50; ++count) {
    items.interaction_counts.push_back(static_cast<uint32_t>(count));
    items.numbers[0].push_back(count % 10 == 0 ? NAN : number(count, random));
  }
  return items;
}

std::vector<LeakageSuspicion> Find(const CatalogData& items) {
  return FindLeakage(items, items.interaction_counts);
}

TEST(FindLeakage, SuspectsWhatRisesOrFallsWithTheCount) {
  for (const auto number : {+[](double count, std::mt19937_64&) { return std::exp(count / 5); },
                            +[](double count, std::mt19937_64&) { return -count; },
                            +[](double count, std::mt19937_64&random) {
                              return count + static_cast<double>(random() % 10);
                            }}) {
    const auto found = Find(Items(number));
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].attribute, "reviews");
    EXPECT_GE(std::abs(found[0].correlation), 0.8);
  }
}

TEST(FindLeakage, SuspectsNothingElse) {
  EXPECT_TRUE(Find(Items([](double, std::mt19937_64& random) {
                return static_cast<double>(random() % 1000);
              })).empty());
  EXPECT_TRUE(Find(Items([](double, std::mt19937_64&) { return 1999.0; })).empty());
  // Too few items that have a number.
  EXPECT_TRUE(
      Find(Items([](double count, std::mt19937_64&) { return count < 15 ? count : NAN; })).empty());
}

TEST(FindLeakage, IsSpearmansWithTies) {
  CatalogData items;
  items.schema = {Number("x")};
  items.numbers.resize(1);
  for (uint32_t i = 0; i < 20; ++i) {
    items.numbers[0].push_back(i / 10);
    items.interaction_counts.push_back(i);
  }
  // Twenty deviations of 5, against those of 0 to 19.
  const auto found = Find(items);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NEAR(found[0].correlation, 500 / std::sqrt(500.0 * 665), 1e-12);
}

TEST(WarnOfLeakage, NamesTheAttribute) {
  const CapturedLog log;
  WarnOfLeakage("toy", {{.attribute = "reviews", .correlation = 0.934}});
  EXPECT_THAT(log.text(), testing::HasSubstr("[warning] toy: the item attribute reviews goes with "
                                             "the number of interactions (rank correlation 0.93)"));
}

}  // namespace
}  // namespace shortlist
