#include "common/vector_kernels.h"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(DotProduct, AgreesWithTheSumInDoublePrecisionForEverySizeAndAlignment) {
  std::mt19937_64 random(1);
  std::normal_distribution<float> normal;
  for (size_t size = 0; size <= 130; ++size) {
    for (size_t shift = 0; shift < 2; ++shift) {
      std::vector<float> a(size + shift), b(size + shift);
      double expected = 0, magnitude = 0;
      for (size_t i = 0; i < a.size(); ++i) {
        a[i] = normal(random);
        b[i] = normal(random);
        if (i < shift) continue;
        expected += static_cast<double>(a[i]) * b[i];
        magnitude += std::abs(static_cast<double>(a[i]) * b[i]);
      }
      EXPECT_NEAR(DotProduct(a.data() + shift, b.data() + shift, size), expected, 1e-6 * magnitude)
          << size;
    }
  }
}

}  // namespace
}  // namespace shortlist
