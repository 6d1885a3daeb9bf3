#include "retrieval/index/code_kernels.h"

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
  Codes(size_t dim, size_t count, uint64_t seed)
      : bytes(count * ByteStride(dim)),
        nibbles(count * NibbleStride(dim)),
        query(ByteStride(dim), 0) {
    std::mt19937_64 random(seed);
    // Extreme values often: they are what overflows where something can.
    for (uint8_t& code : bytes) code = random() % 4 == 0 ? 255 : static_cast<uint8_t>(random());
    for (uint8_t& code : nibbles) code = random() % 4 == 0 ? 255 : static_cast<uint8_t>(random());
    for (size_t d = 0; d < dim; ++d)
      query[d] =
          static_cast<int8_t>(random() % 4 == 0 ? 127 : static_cast<int>(random() % 255) - 127);
  }
  int32_t ScoreOfBytes(size_t item) const {
    int32_t sum = 0;
    for (size_t d = 0; d < query.size(); ++d) sum += bytes[item * query.size() + d] * query[d];
    return sum;
  }
  int32_t ScoreOfNibbles(size_t item) const {
    int32_t sum = 0;
    for (size_t d = 0; d < query.size(); ++d) {
      const uint8_t byte = nibbles[item * query.size() / 2 + d / 64 * 32 + d % 32];
      sum += (d / 32 % 2 == 0 ? byte & 15 : byte >> 4) * query[d];
    }
    return sum;
  }
  std::vector<uint8_t> bytes, nibbles;
  std::vector<int8_t> query;
};

TEST(CodeKernels, ScoreBytesExactlyWhateverTheInstructionSet) {
  WithEveryInstructionSet([] {
    for (size_t dim : {1, 63, 64, 65, 128, 200, 8192}) {
      for (size_t count : {0, 1, 2, 15, 16, 17, 31, 33, 100}) {
        Codes codes(dim, count, dim + count);
        std::vector<int32_t> scores(count);
        ScoreBytes(codes.bytes.data(), ByteStride(dim), count, codes.query.data(), scores.data());
        for (size_t i = 0; i < count; ++i)
          ASSERT_EQ(scores[i], codes.ScoreOfBytes(i)) << dim << " dimensions, " << count;
      }
    }
  });
}

TEST(CodeKernels, SelectEveryRowOfNibblesThatScoresHighEnough) {
  WithEveryInstructionSet([] {
    for (size_t dim : {1, 32, 33, 64, 100, 128, 8192}) {
      for (size_t count : {0, 1, 2, 15, 16, 17, 33, 100}) {
        Codes codes(dim, count, dim + count);
        const size_t stride = NibbleStride(dim);
        std::vector<uint32_t> positions(count), selected(count + kSelectSlack);
        std::vector<int32_t> all(count), scores(count + kSelectSlack);
        for (size_t i = 0; i < count; ++i) positions[i] = static_cast<uint32_t>(i * 7 % count);
        for (size_t i = 0; i < count; ++i) all[i] = codes.ScoreOfNibbles(i);
        std::vector<int32_t> thresholds = {std::numeric_limits<int32_t>::min(), 0, 1 << 30};
        if (count > 0) thresholds.push_back(all[count / 2]);
        for (int32_t least : thresholds) {
          auto expect = [&](size_t found, auto score_of) {
            size_t next = 0;
            for (uint32_t i = 0; i < count; ++i) {
              if (score_of(i) < least) continue;
              ASSERT_LT(next, found);
              ASSERT_EQ(selected[next], i);
              ASSERT_EQ(scores[next], score_of(i));
              ++next;
            }
            ASSERT_EQ(next, found);
          };
          expect(SelectNibbles(codes.nibbles.data(), stride, count, codes.query.data(), least,
                               selected.data(), scores.data()),
                 [&](uint32_t i) { return all[i]; });
          expect(SelectNibblesAt(codes.nibbles.data(), stride, positions.data(), count,
                                 codes.query.data(), least, selected.data(), scores.data()),
                 [&](uint32_t i) { return all[positions[i]]; });
        }
      }
    }
  });
}

TEST(CodeKernels, FindTheLargestScore) {
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
