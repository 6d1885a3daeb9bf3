#include "retrieval/index/code_kernels_vnni.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "retrieval/index/code_kernels.h"

namespace shortlist {
namespace {

// code_kernels_test.cc has them compared with plain loops; here with the kernels that every machine
// has, on more rows than those at once, and some beside.
class CodeKernelsVnniTest : public ::testing::Test {
 protected:
  static constexpr size_t kRows = 1000, kDim = 70;

  void SetUp() override {
    if (!code_kernels_vnni::Supported()) GTEST_SKIP() << "this machine has no AVX-512 VNNI";
    std::mt19937_64 random(1);
    for (uint8_t& code : bytes_) code = static_cast<uint8_t>(random());
    for (uint8_t& code : nibbles_) code = static_cast<uint8_t>(random());
    for (size_t d = 0; d < kDim; ++d)
      query_[d] = static_cast<int8_t>(static_cast<int>(random() % 255) - 127);
    AllowVnniForTest(false);  // For what is compared with.
  }
  void TearDown() override { AllowVnniForTest(true); }

  std::vector<uint8_t> bytes_ = std::vector<uint8_t>(kRows * ByteStride(kDim));
  std::vector<uint8_t> nibbles_ = std::vector<uint8_t>(kRows * NibbleStride(kDim));
  std::vector<int8_t> query_ = std::vector<int8_t>(ByteStride(kDim), 0);
};

TEST_F(CodeKernelsVnniTest, ScoreBytesAsTheOthersDo) {
  std::vector<int32_t> expected(kRows), scores(kRows);
  ScoreBytes(bytes_.data(), ByteStride(kDim), kRows, query_.data(), expected.data());
  code_kernels_vnni::ScoreBytes(bytes_.data(), ByteStride(kDim), kRows, query_.data(),
                                scores.data());
  EXPECT_EQ(scores, expected);
}

TEST_F(CodeKernelsVnniTest, SelectWhatTheOthersSelect) {
  struct Selection {
    std::vector<uint32_t> rows = std::vector<uint32_t>(kRows + kSelectSlack);
    std::vector<int32_t> scores = std::vector<int32_t>(kRows + kSelectSlack);
    void Resize(size_t found) {
      rows.resize(found);
      scores.resize(found);
    }
  };
  Selection expected, selected;
  expected.Resize(SelectNibbles(nibbles_.data(), NibbleStride(kDim), kRows, query_.data(), 100,
                                expected.rows.data(), expected.scores.data()));
  selected.Resize(code_kernels_vnni::SelectNibbles(nibbles_.data(), NibbleStride(kDim), kRows,
                                                   query_.data(), 100, selected.rows.data(),
                                                   selected.scores.data()));
  EXPECT_GT(expected.rows.size(), 100u);
  EXPECT_LT(expected.rows.size(), kRows);
  EXPECT_EQ(selected.rows, expected.rows);
  EXPECT_EQ(selected.scores, expected.scores);
}

}  // namespace
}  // namespace shortlist
