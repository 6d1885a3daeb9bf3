#include "retrieval/index/item_codes.h"

#include <cmath>

#include <gtest/gtest.h>

#include "common/vector_kernels.h"
#include "retrieval/index/code_kernels.h"
#include "tests/support/random_vectors.h"

namespace shortlist {
namespace {

constexpr int32_t kAny = std::numeric_limits<int32_t>::min();

struct Coded {
  Coded(std::span<const float> vector, float scale)
      : bytes(ByteStride(vector.size())),
        first(NibbleStride(vector.size())),
        second(NibbleStride(vector.size())) {
    EncodeBytes(vector, scale, bytes.data());
    errors = EncodeNibbles(vector, scale, first.data(), second.data());
  }
  int32_t Score(const std::vector<uint8_t>& row, const QueryCode& query) const {
    uint32_t selected[1 + kSelectSlack];
    int32_t scores[1 + kSelectSlack];
    if (&row == &bytes)
      ScoreBytes(row.data(), row.size(), 1, query.codes(), scores);
    else
      SelectNibbles(row.data(), row.size(), 1, query.codes(), kAny, selected, scores);
    return scores[0];
  }
  std::vector<uint8_t> bytes, first, second;
  NibbleErrors errors;
};

TEST(ItemCodes, GiveTheInnerProductWithinTheErrorThatTheyAreDecodedWith) {
  for (size_t dim : {2, 10, 64, 100, 200}) {
    std::vector<float> vectors = ClusteredUnitVectors(200, dim, 10, dim);
    const float scale = CodeScale(vectors);
    QueryCode query;
    for (size_t i = 0; i + 1 < 200; i += 2) {
      const auto item = std::span(vectors).subspan(i * dim, dim);
      const auto other = std::span(vectors).subspan((i + 1) * dim, dim);
      const Coded coded(item, scale);
      query.Assign(other);
      float squares = 0;
      for (size_t d = 0; d < dim; ++d) {
        const float change = DecodeByte(coded.bytes.data(), scale, d) - item[d];
        squares += change * change;
      }
      EXPECT_NEAR(coded.errors.whole, std::sqrt(squares), 1e-6);
      const float product = DotProduct(item.data(), other.data(), dim);
      const float unit = query.step() / scale;
      const auto sum = static_cast<float>(query.sum());
      const auto first = static_cast<float>(coded.Score(coded.first, query));
      const auto second = static_cast<float>(coded.Score(coded.second, query));
      const auto whole = static_cast<float>(coded.Score(coded.bytes, query));
      EXPECT_EQ(whole, 16 * first + second);
      EXPECT_NEAR((whole - 128 * sum) * unit, product, query.ScoreError(coded.errors.whole, 1));
      EXPECT_NEAR((16 * first + (kMeanSecondHalf - 128) * sum) * unit, product,
                  query.ScoreError(coded.errors.first, 1));
      EXPECT_LT(coded.errors.whole, 0.02);
      EXPECT_LT(coded.errors.first, 0.3);
      EXPECT_LT(query.ScoreError(0, 1), 0.02);
      EXPECT_NEAR(query.length(), 1, 1e-5);
    }
  }
}

TEST(ItemCodes, SurviveZeroAndTinyVectors) {
  for (float value : {0.0F, 1e-40F, 1e-35F}) {
    std::vector<float> vector(3, value);
    QueryCode query;
    query.Assign(vector);
    const Coded coded(vector, CodeScale(vector));
    EXPECT_EQ(coded.Score(coded.bytes, query), kCodeOffset * query.sum());
    EXPECT_TRUE(std::isfinite(query.step() / CodeScale(vector)));
    EXPECT_LT(coded.errors.first, 1e-10F);
  }
}

}  // namespace
}  // namespace shortlist
