#include "model/mean_of_alike.h"

#include <cmath>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/vector_kernels.h"
#include "tests/support/trained_bundle.h"

namespace shortlist {
namespace {

std::optional<LearnedRows> PlaceOf(const std::vector<NamedAttribute>& attributes) {
  const Bundle& bundle = *TrainedBundle();
  return MeanOfAlike(bundle).Of(EncodeItem("", attributes, bundle.catalog.schema()));
}

TEST(MeanOfAlike, IsTheNormalisedMeanOfTheItemsWithTheOnlyValue) {
  const Bundle& bundle = *TrainedBundle();
  const size_t dim = bundle.towers.dim();
  const auto place = PlaceOf({{"genre", {"Horror"}}});
  ASSERT_TRUE(place);
  std::vector<float> sum(dim), from(bundle.next_regression.row_size());
  const uint32_t horror = bundle.catalog.schema().fields()[0].first_code + 2;
  size_t count = 0;
  for (ItemRow row = 0; row < bundle.catalog.item_count(); ++row) {
    if (bundle.catalog.codes(row)[0] != horror || bundle.catalog.interaction_counts()[row] == 0)
      continue;
    AddScaled(1, bundle.towers.item_embedding(row).data(), sum.data(), dim);
    bundle.next_regression.AddFrom(row, 1, from);
    ++count;
  }
  const float length = std::sqrt(DotProduct(sum.data(), sum.data(), dim));
  for (size_t d = 0; d < dim; ++d) EXPECT_NEAR(place->embedding[d], sum[d] / length, 1e-5);
  ASSERT_EQ(place->next_from.size(), bundle.next_regression.dim());
  for (size_t d = 0; d < place->next_from.size(); ++d)
    EXPECT_NEAR(place->next_from[d], from[d] / static_cast<float>(count), 1e-5);
  EXPECT_EQ(place->history.size(), bundle.towers.history_vectors().empty() ? 0 : dim);
}

TEST(MeanOfAlike, LiesBetweenThoseOfItsValues) {
  const auto comedy = PlaceOf({{"genre", {"Comedy"}}}), horror = PlaceOf({{"genre", {"Horror"}}}),
             both = PlaceOf({{"genre", {"Horror", "Comedy"}}});
  ASSERT_TRUE(comedy && horror && both);
  auto likeness = [](const LearnedRows& a, const LearnedRows& b) {
    return DotProduct(a.embedding.data(), b.embedding.data(), a.embedding.size());
  };
  EXPECT_NEAR(likeness(*both, *both), 1, 1e-5);
  EXPECT_GT(likeness(*both, *comedy), likeness(*comedy, *horror));
  EXPECT_GT(likeness(*both, *horror), likeness(*comedy, *horror));
}

TEST(MeanOfAlike, IsNoneWithoutAnAttributeThatTrainingKnew) {
  EXPECT_FALSE(PlaceOf({}));
  EXPECT_FALSE(PlaceOf({{"genre", {"Noir"}}}));
}

}  // namespace
}  // namespace shortlist
