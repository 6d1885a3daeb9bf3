#include "features/kinds/history_affinity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

using HistoryAffinityTest = FeatureExtractorTest;

TEST_F(HistoryAffinityTest, ComparesTheHistoryWithAllInteractions) {
  // One of two in the history is a drama; of all interactions, 10 of 40 (smoothed by one).
  const double share = 11.0 / 41;
  const Candidate drama{1, 0, SourceId::kTwoTower};
  EXPECT_NEAR(Value(FeatureKind::kHistoryAffinity, drama),
              std::log((1 + 10 * share) / (12 * share)), 1e-5);
  EXPECT_EQ(Described(FeatureKind::kHistoryAffinity, drama), "Drama");
}

TEST_F(HistoryAffinityTest, OfAValueThatTheHistoryDoesNotHaveIsTheSmoothingAlone) {
  user_.history = {{0, 0, 0}, {0, 0, 0}, {0, 0, 0}};  // Comedies.
  EXPECT_NEAR(Value(FeatureKind::kHistoryAffinity, {1, 0, SourceId::kTwoTower}),
              std::log(10.0 / 13), 1e-6);
  user_.history.clear();
  EXPECT_EQ(Value(FeatureKind::kHistoryAffinity, {1, 0, SourceId::kTwoTower}), 0);
}

TEST_F(HistoryAffinityTest, IsTheMeanOverTheItemsValuesAndMissingWithoutAny) {
  EXPECT_THAT(Values(FeatureKind::kHistoryAffinity, {2, 0, SourceId::kTwoTower}),
              testing::IsEmpty());
  // The first item is a comedy and a drama, the second a drama.
  CatalogData data;
  data.ids = {"a", "b", "c"};
  data.titles = {"", "", ""};
  data.schema = {{.name = "genre",
                  .type = AttributeType::kTokens,
                  .values = {"Comedy", "Drama"},
                  .bucket_edges = {}}};
  data.code_offsets = {0, 2, 3, 3};
  data.codes = {0, 1, 1};
  data.interaction_counts = {30, 10, 0};
  ASSERT_TRUE(WriteCatalog(data, folder_.path() / "two.arr").ok());
  const Catalog catalog = *Catalog::Open(folder_.path() / "two.arr");
  inputs_.catalog = &catalog;
  // Both in the history are dramas, as are all interactions: log 1. One is a comedy.
  const double share = 31.0 / 41;
  EXPECT_NEAR(Value(FeatureKind::kHistoryAffinity, {0, 0, SourceId::kTwoTower}),
              (std::log((1 + 10 * share) / (12 * share)) + 0) / 2, 1e-6);
}

}  // namespace
}  // namespace shortlist
