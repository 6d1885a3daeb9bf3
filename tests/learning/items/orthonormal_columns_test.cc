#include "learning/items/orthonormal_columns.h"

#include <random>

#include <gtest/gtest.h>

namespace shortlist {
namespace {

RowMajorMatrix Random(Eigen::Index rows, Eigen::Index columns) {
  std::mt19937_64 random(1);
  std::normal_distribution<float> normal;
  return RowMajorMatrix::NullaryExpr(rows, columns, [&] { return normal(random); });
}

TEST(OrthonormalColumns, SpanWhatTheColumnsSpan) {
  const RowMajorMatrix matrix = Random(60, 5);
  const RowMajorMatrix basis = OrthonormalColumns(matrix);
  ASSERT_EQ(basis.cols(), 5);
  EXPECT_TRUE((basis.transpose() * basis).isIdentity(1e-5F));
  // Projected on the basis, nothing is lost.
  EXPECT_TRUE((basis * (basis.transpose() * matrix)).isApprox(matrix, 1e-5F));
}

TEST(OrthonormalColumns, AreAsManyWhereColumnsDependOnOneAnother) {
  RowMajorMatrix matrix = Random(40, 3);
  matrix.col(2) = matrix.col(0);
  const RowMajorMatrix basis = OrthonormalColumns(matrix);
  EXPECT_TRUE((basis.transpose() * basis).isIdentity(1e-5F));
}

}  // namespace
}  // namespace shortlist
