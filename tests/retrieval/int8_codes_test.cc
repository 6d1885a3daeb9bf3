#include "retrieval/int8_codes.h"

#include <cmath>

#include <gtest/gtest.h>

#include "common/vector_kernels.h"
#include "retrieval/int8_kernels.h"
#include "tests/support/random_vectors.h"

namespace shortlist {
namespace {

TEST(Int8Codes, GiveTheInnerProductUpToRounding) {
  for (size_t dim : {2, 10, 64, 100}) {
    std::vector<float> vectors = ClusteredUnitVectors(200, dim, 10, dim);
    const float scale = CodeScale(vectors);
    std::vector<uint8_t> code(CodeStride(dim));
    Int8Query query;
    for (size_t i = 0; i + 1 < 200; i += 2) {
      EncodeItem(std::span(vectors).subspan(i * dim, dim), scale, code.data());
      query.Assign(std::span(vectors).subspan((i + 1) * dim, dim));
      int32_t score = 0;
      ScoreCodes(code.data(), code.size(), 1, query.codes(), &score);
      const float product = static_cast<float>(score - query.zero_score()) * query.Unit(scale);
      EXPECT_NEAR(product, DotProduct(&vectors[i * dim], &vectors[(i + 1) * dim], dim), 0.02);
      EXPECT_NEAR(query.length(), 1, 1e-5);
    }
  }
}

TEST(Int8Codes, SurviveZeroAndTinyVectors) {
  for (float value : {0.0F, 1e-40F, 1e-35F}) {
    std::vector<float> vector(3, value);
    Int8Query query;
    query.Assign(vector);
    std::vector<uint8_t> code(CodeStride(3));
    EncodeItem(vector, CodeScale(vector), code.data());
    int32_t score = 0;
    ScoreCodes(code.data(), code.size(), 1, query.codes(), &score);
    EXPECT_EQ(score, query.zero_score());
    EXPECT_TRUE(std::isfinite(query.Unit(CodeScale(vector))));
  }
}

}  // namespace
}  // namespace shortlist
