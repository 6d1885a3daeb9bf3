// An orthonormal basis of the space that the columns of a matrix span.
#pragma once

#include <Eigen/Core>

namespace shortlist {

using RowMajorMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// As many orthonormal columns as `matrix` has, which has at least as many rows, by Householder's QR
// decomposition. Where its columns depend on one another, further directions fill the basis up.
RowMajorMatrix OrthonormalColumns(const RowMajorMatrix& matrix);

}  // namespace shortlist
