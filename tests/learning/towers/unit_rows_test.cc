#include "learning/towers/unit_rows.h"

#include <cmath>

#include <gtest/gtest.h>

#include "learning/towers/two_tower_parameters.h"

namespace shortlist {
namespace {

TEST(NormaliseRow, MakesTheLengthOneAndReturnsWhatItWas) {
  Matrix row(1, 2);
  row << 3, 4;
  EXPECT_FLOAT_EQ(NormaliseRow(row.row(0)), 5);
  EXPECT_FLOAT_EQ(row(0, 0), 0.6F);
  EXPECT_FLOAT_EQ(row(0, 1), 0.8F);
}

TEST(NormaliseRow, LeavesARowOfZerosFinite) {
  Matrix row = Matrix::Zero(1, 3);
  EXPECT_GT(NormaliseRow(row.row(0)), 0);
  EXPECT_EQ(row.norm(), 0);
}

// Of f(x) = a . x / |x|, against finite differences.
TEST(NormaliseRowBackward, IsTheGradientByTheRowAsItWas) {
  Matrix x(1, 3), a(1, 3);
  x << 1, -2, 0.5F;
  a << 0.3F, 0.7F, -1.1F;
  Matrix unit = x, gradient = a;
  const float norm = NormaliseRow(unit.row(0));
  NormaliseRowBackward(unit.row(0), norm, gradient.row(0));
  auto f = [&](const Matrix& at) { return a.row(0).dot(at.row(0)) / at.norm(); };
  constexpr float kStep = 1e-2F;
  for (Eigen::Index d = 0; d < 3; ++d) {
    Matrix up = x, down = x;
    up(0, d) += kStep;
    down(0, d) -= kStep;
    EXPECT_NEAR(gradient(0, d), (f(up) - f(down)) / (2 * kStep), 1e-3);
  }
}

}  // namespace
}  // namespace shortlist
