#include "common/vector_kernels.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
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

TEST(VectorKernels, TakeEightBitNumbersForWhatTheyAreForEverySize) {
  std::mt19937_64 random(1);
  std::normal_distribution<float> normal;
  std::uniform_int_distribution<int> any_code(-128, 127);
  for (size_t size = 0; size <= 130; ++size) {
    std::vector<float> a(size), sum(size);
    std::vector<int8_t> codes(size);
    double expected = 0;
    for (size_t i = 0; i < size; ++i) {
      a[i] = sum[i] = normal(random);
      codes[i] = static_cast<int8_t>(any_code(random));
      expected += double{a[i]} * codes[i];
    }
    EXPECT_NEAR(DotProduct(a.data(), codes.data(), size), expected, 0.01) << size;
    AddScaled(0.5F, codes.data(), sum.data(), size);
    for (size_t i = 0; i < size; ++i)
      EXPECT_NEAR(sum[i], a[i] + 0.5F * static_cast<float>(codes[i]), 1e-4) << size;
  }
}

TEST(DotProducts, OfRowsAnywhereAreThoseOfEachRow) {
  constexpr size_t kSize = 77, kRows = 43;  // Neither fills the kernels' steps.
  std::vector<float> a(kSize), table(kSize * kRows), results(kRows);
  std::vector<int8_t> codes(kSize * kRows);
  for (size_t i = 0; i < kSize; ++i) a[i] = std::sin(static_cast<float>(i));
  for (size_t i = 0; i < table.size(); ++i) {
    codes[i] = static_cast<int8_t>(i * 37 % 255 - 127);
    table[i] = static_cast<float>(codes[i]) / 3;
  }
  std::vector<uint32_t> rows;
  for (uint32_t r = 0; r < kRows; ++r) rows.push_back(r * 7 % kRows);
  DotProducts(a.data(), table.data(), rows.data(), kRows, kSize, results.data());
  for (size_t r = 0; r < kRows; ++r)
    EXPECT_EQ(results[r], DotProduct(a.data(), &table[rows[r] * kSize], kSize));
  DotProducts(a.data(), codes.data(), rows.data(), kRows, kSize, results.data());
  for (size_t r = 0; r < kRows; ++r)
    EXPECT_EQ(results[r], DotProduct(a.data(), &codes[rows[r] * kSize], kSize));
}

TEST(DotProducts, OfRowsInTurnAreThoseOfEachRow) {
  std::mt19937_64 random(1);
  std::normal_distribution<float> normal;
  for (const size_t size : {1, 8, 63, 64, 77, 256}) {
    std::vector<float> a(size), rows(11 * size);
    for (float& x : a) x = normal(random);
    for (float& x : rows) x = normal(random);
    for (size_t count = 0; count <= 11; ++count) {
      std::vector<float> results(count);
      DotProducts(a.data(), rows.data(), count, size, results.data());
      for (size_t r = 0; r < count; ++r)
        EXPECT_EQ(results[r], DotProduct(a.data(), &rows[r * size], size)) << size << " " << r;
    }
  }
}

TEST(WeightedRowSum, AgreesWithTheSumRowByRowForEverySize) {
  std::mt19937_64 random(1);
  std::normal_distribution<float> normal;
  constexpr size_t kTableRows = 30;
  for (size_t dim : {1, 4, 63, 64, 130, 200}) {
    std::vector<float> table(kTableRows * dim), weights(kTableRows);
    for (float& x : table) x = normal(random);
    for (float& x : weights) x = normal(random);
    for (size_t count : {0, 1, 5, 40}) {
      std::vector<uint32_t> rows(count);
      for (uint32_t& row : rows) row = static_cast<uint32_t>(random() % kTableRows);
      std::vector<float> sum(dim, 99);
      WeightedRowSum(table.data(), dim, rows.data(), count, weights.data(), 0.5F, sum.data());
      for (size_t d = 0; d < dim; ++d) {
        double expected = 0;
        for (uint32_t row : rows) expected += double{weights[row]} * table[row * dim + d];
        EXPECT_NEAR(sum[d], 0.5 * expected, 1e-4) << dim << " " << count << " " << d;
      }
    }
  }
}

}  // namespace
}  // namespace shortlist
