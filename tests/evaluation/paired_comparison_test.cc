#include "evaluation/paired_comparison.h"

#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

class PairedComparisonTest : public testing::Test {
 protected:
  PairedComparison Compare(const std::vector<float>& model, const std::vector<float>& baseline,
                           const PairedOptions& options = {}) {
    return ComparePaired(model, baseline, options, pool_);
  }
  double PValue(const std::vector<double>& differences) {
    return SignFlipPValue(differences, 10'000, 1, pool_);
  }

  WorkerPool pool_{2};
};

TEST_F(PairedComparisonTest, UsersWhoAreHardForBothDoNotWidenTheIntervals) {
  // Users differ by far more than the models; the difference, or the ratio, is the same for all.
  std::vector<float> baseline, plus_eighth, twice;
  for (int user = 0; user < 200; ++user) {
    baseline.push_back(static_cast<float>(user % 4));
    plus_eighth.push_back(baseline.back() + 0.125F);
    twice.push_back(2 * baseline.back());
  }
  const PairedComparison difference = Compare(plus_eighth, baseline);
  EXPECT_DOUBLE_EQ(difference.difference, 0.125);
  EXPECT_DOUBLE_EQ(difference.difference_interval.low, 0.125);
  EXPECT_DOUBLE_EQ(difference.difference_interval.high, 0.125);
  EXPECT_LT(difference.ratio_interval.low, difference.ratio_interval.high);
  const PairedComparison ratio = Compare(twice, baseline);
  EXPECT_DOUBLE_EQ(ratio.ratio, 2);
  EXPECT_DOUBLE_EQ(ratio.ratio_interval.low, 2);
  EXPECT_DOUBLE_EQ(ratio.ratio_interval.high, 2);
  EXPECT_LT(ratio.difference_interval.low, ratio.difference_interval.high);
}

TEST_F(PairedComparisonTest, IntervalIsThatOfTheMeanDifference) {
  // A difference of 1 for a quarter of 400 users, else 0: 0.25 +- 1.96 sqrt(0.25 * 0.75 / 400).
  std::vector<float> model, baseline;
  for (int user = 0; user < 400; ++user) {
    baseline.push_back(static_cast<float>(user % 3));
    model.push_back(baseline.back() + (user % 4 == 0 ? 1 : 0));
  }
  const PairedComparison comparison = Compare(model, baseline);
  EXPECT_NEAR(comparison.difference_interval.low, 0.25 - 0.0424, 0.008);
  EXPECT_NEAR(comparison.difference_interval.high, 0.25 + 0.0424, 0.008);
}

TEST_F(PairedComparisonTest, ABaselineOfNothingHasNoRatio) {
  EXPECT_TRUE(std::isinf(Compare({1, 0}, {0, 0}).ratio));
  EXPECT_TRUE(std::isnan(Compare({0, 0}, {0, 0}).ratio));
  EXPECT_TRUE(std::isnan(Compare({0, 0}, {0, 0}).ratio_interval.low));
  EXPECT_EQ(Compare({0, 0}, {0, 0}).p_value, 1);
  EXPECT_EQ(Compare({}, {}).p_value, 1);
}

TEST_F(PairedComparisonTest, WithoutResamplesIntervalsAreTheValues) {
  const PairedComparison comparison = Compare({1, 0.5}, {0.5, 0.25}, {.resamples = 0});
  EXPECT_EQ(comparison.difference_interval.low, comparison.difference);
  EXPECT_EQ(comparison.ratio_interval.high, 2);
}

TEST_F(PairedComparisonTest, PValueOfFewDifferencesIsExact) {
  EXPECT_EQ(PValue({1, 1, 1, 1}), 2.0 / 16);        // Only all of one sign are as far from 0.
  EXPECT_EQ(PValue({0, 1, 1, 0, 1, 1}), 2.0 / 16);  // What is equal says nothing.
  // Of +-1 +-2 +-1 as far as 2: 4, 2, 2, -2, -2, -4; not 0, 0.
  EXPECT_EQ(PValue({1, 2, -1}), 6.0 / 8);
  EXPECT_EQ(PValue({-1, -2, 1}), 6.0 / 8);
  // Sums that are as far as 0.1 but for rounding count: all of them are.
  EXPECT_EQ(PValue({0.1, 0.2, -0.3, 0.1}), 1);
}

TEST_F(PairedComparisonTest, PValueOfManyIsThatOfRandomFlipsAndNever0) {
  std::vector<double> better(40, 1);
  EXPECT_DOUBLE_EQ(PValue(better), 1.0 / 10'001);
  // Sixty heads of a hundred tosses: the binomial's 0.0569.
  std::vector<double> sixty(60, 1);
  sixty.resize(100, -1);
  EXPECT_NEAR(PValue(sixty), 0.0569, 0.008);
}

TEST(FormatComparisons, HasARowAComparison) {
  const PairedComparison comparison{.model = "both",
                                    .baseline = "ease",
                                    .difference = 0.0125,
                                    .ratio = 1.5,
                                    .difference_interval = {-0.005, 0.03},
                                    .ratio_interval = {0.9, 2.25},
                                    .p_value = 0.25};
  EXPECT_EQ(FormatComparisons({&comparison, 1}),
            "             difference        95 % interval   ratio     95 % interval        p\n"
            "both - ease     +0.0125  -0.0050 .. +0.0300   1.500   0.900 ..  2.250   0.2500\n");
}

}  // namespace
}  // namespace shortlist
