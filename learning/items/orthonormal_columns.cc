#include "learning/items/orthonormal_columns.h"

#include <Eigen/QR>

namespace shortlist {

RowMajorMatrix OrthonormalColumns(const RowMajorMatrix& matrix) {
  const Eigen::HouseholderQR<RowMajorMatrix> qr(matrix);
  return qr.householderQ() * RowMajorMatrix::Identity(matrix.rows(), matrix.cols());
}

}  // namespace shortlist
