#include "retrieval/int8_kernels.h"

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hwy/highway.h>

namespace shortlist {
namespace {

// Runs a test once for every instruction set that the machine has, and says which one failed.
void WithEveryInstructionSet(const std::function<void()>& test) {
  {
    SCOPED_TRACE("best");
    test();
  }
  AllowVnniForTest(false);
  for (int64_t targets = hwy::SupportedTargets(); targets != 0; targets &= targets - 1) {
    const int64_t target = targets & -targets;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    SCOPED_TRACE(hwy::TargetName(target));
    test();
    hwy::SetSupportedTargetsForTest(0);
  }
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  AllowVnniForTest(true);
}

struct Codes {
  explicit Codes(size_t dim, size_t count, uint64_t seed)
      : stride(CodeStride(dim)), items(count * stride), query(stride, 0) {
    std::mt19937_64 random(seed);
    // Extreme values often: they are what overflows where something can.
    for (uint8_t& code : items) code = random() % 4 == 0 ? 255 : static_cast<uint8_t>(random());
    for (size_t d = 0; d < dim; ++d)
      query[d] =
          static_cast<int8_t>(random() % 4 == 0 ? 127 : static_cast<int>(random() % 255) - 127);
  }
  int32_t Score(size_t item) const {
    int32_t sum = 0;
    for (size_t d = 0; d < stride; ++d) sum += items[item * stride + d] * query[d];
    return sum;
  }
  size_t stride;
  std::vector<uint8_t> items;
  std::vector<int8_t> query;
};

TEST(Int8Kernels, AgreeExactlyWhateverTheInstructionSet) {
  WithEveryInstructionSet([] {
    for (size_t dim : {1, 63, 64, 65, 128, 200, 8192}) {
      for (size_t count : {0, 1, 2, 15, 16, 17, 31, 33, 100}) {
        Codes codes(dim, count, dim + count);
        std::vector<int32_t> scores(count), scores_at(count);
        std::vector<uint32_t> positions(count);
        for (size_t i = 0; i < count; ++i) positions[i] = static_cast<uint32_t>(i * 7 % count);
        ScoreCodes(codes.items.data(), codes.stride, count, codes.query.data(), scores.data());
        ScoreCodesAt(codes.items.data(), codes.stride, positions.data(), count, codes.query.data(),
                     scores_at.data());
        for (size_t i = 0; i < count; ++i) {
          ASSERT_EQ(scores[i], codes.Score(i)) << dim << " dimensions, " << count << " items";
          ASSERT_EQ(scores_at[i], codes.Score(positions[i])) << dim << ", " << count;
        }
      }
    }
  });
}

TEST(Int8Kernels, SelectEveryScoreThatIsLargeEnough) {
  WithEveryInstructionSet([] {
    std::mt19937_64 random(1);
    for (size_t count = 0; count < 100; ++count) {
      std::vector<int32_t> scores(count);
      for (int32_t& score : scores) score = static_cast<int32_t>(random() % 7) - 3;
      for (int32_t least : {-4, 0, 3, 4}) {
        std::vector<uint32_t> expected, selected(count);
        for (uint32_t i = 0; i < count; ++i)
          if (scores[i] >= least) expected.push_back(i);
        selected.resize(SelectAtLeast(scores.data(), count, least, selected.data()));
        ASSERT_EQ(selected, expected);
      }
    }
  });
}

TEST(Int8Kernels, FindTheLargestScore) {
  WithEveryInstructionSet([] {
    std::mt19937_64 random(2);
    for (size_t count = 1; count < 100; ++count) {
      std::vector<int32_t> scores(count);
      for (int32_t& score : scores) score = static_cast<int32_t>(random());
      ASSERT_EQ(LargestScore(scores.data(), count),
                *std::max_element(scores.begin(), scores.end()));
    }
  });
}

}  // namespace
}  // namespace shortlist
