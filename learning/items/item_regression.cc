#include "learning/items/item_regression.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "learning/items/orthonormal_columns.h"

namespace shortlist {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Row = Eigen::Array<float, 1, Eigen::Dynamic>;

// Columns that are worked on together, by one thread; the result does not depend on who does.
constexpr Eigen::Index kColumns = 16;
constexpr int kSubspaceIterations = 3;
constexpr int kMostGradientSteps = 60;
// Conjugate gradients end when what is left over has this share of the right side's length.
constexpr float kTolerance = 1e-3F;

class ItemRegressionFit {
 public:
  ItemRegressionFit(const Dataset& dataset, std::span<const UserSequence> sequences,
                    const ItemRegressionOptions& options, WorkerPool& pool)
      : options_(options),
        items_(static_cast<Eigen::Index>(dataset.items.ids.size())),
        pool_(pool) {
    for (const UserSequence& sequence : sequences) {
      const size_t begin = std::max(
          sequence.begin, sequence.train_end - std::min(sequence.train_end - sequence.begin,
                                                        options.max_user_items));
      std::vector<ItemRow> items;
      for (size_t i = begin; i < sequence.train_end; ++i)
        items.push_back(dataset.interactions[i].item);
      if (items.size() > 1) sequences_.push_back(std::move(items));
    }
  }

  ItemFactorsData Run(uint64_t seed) {
    const auto dim = std::min(static_cast<Eigen::Index>(options_.dim), items_);
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal;
    Matrix to(items_, dim);
    for (float& x : to.reshaped()) x = normal(random);
    Matrix from;
    for (int i = 0; i < kSubspaceIterations; ++i) {
      from = OrthonormalColumns(Apply(to));
      to = ApplyTransposed(from);
      if (i + 1 < kSubspaceIterations) to = OrthonormalColumns(to);
    }
    ItemFactorsData data{
        .dim = static_cast<size_t>(dim), .from = {}, .to = {}, .weights = WeightsByAge(options_)};
    data.from.assign(from.data(), from.data() + from.size());
    data.to.assign(to.data(), to.data() + to.size());
    return data;
  }

 private:
  // B matrix.
  Matrix Apply(const Matrix& matrix) {
    return ByColumns(matrix, [&](const Matrix& part) { return Solve(Cross(part)); });
  }
  // B^T matrix.
  Matrix ApplyTransposed(const Matrix& matrix) {
    return ByColumns(matrix, [&](const Matrix& part) { return CrossTransposed(Solve(part)); });
  }

  template <class Function>
  Matrix ByColumns(const Matrix& matrix, const Function& function) {
    Matrix result(matrix.rows(), matrix.cols());
    pool_.ForEach(static_cast<size_t>((matrix.cols() + kColumns - 1) / kColumns), [&](size_t p) {
      const Eigen::Index begin = static_cast<Eigen::Index>(p) * kColumns;
      const Eigen::Index count = std::min(kColumns, matrix.cols() - begin);
      result.middleCols(begin, count) = function(matrix.middleCols(begin, count));
    });
    return result;
  }

  // What each row of a sequence counts.
  float RowWeight(const std::vector<ItemRow>& s) const {
    return std::pow(static_cast<float>(s.size()), -options_.length_exponent);
  }

  // (X^T W X + l2 I)^-1 right, by conjugate gradients on each column.
  Matrix Solve(const Matrix& right) const {
    Matrix x = Matrix::Zero(right.rows(), right.cols());
    Matrix residual = right;
    Matrix direction = right;
    Row squared = residual.colwise().squaredNorm().array();
    const Row enough = squared * (kTolerance * kTolerance);
    for (int step = 0; step < kMostGradientSteps && (squared > enough).any(); ++step) {
      const Matrix image = Square(direction);
      const Row length = squared / (direction.array() * image.array()).colwise().sum().max(1e-30F);
      x.array() += direction.array().rowwise() * length;
      residual.array() -= image.array().rowwise() * length;
      const Row next = residual.colwise().squaredNorm().array();
      direction = (residual.array() + direction.array().rowwise() * (next / squared.max(1e-30F)))
                      .matrix()
                      .eval();
      squared = next;
    }
    return x;
  }

  // (X^T W X + l2 I) q.
  Matrix Square(const Matrix& q) const {
    return AddToAllHistories(&ItemRegressionFit::Told, q, options_.l2 * q);
  }
  // X^T W Y q.
  Matrix Cross(const Matrix& q) const {
    return AddToAllHistories(&ItemRegressionFit::Ahead, q, Matrix::Zero(q.rows(), q.cols()));
  }
  // Y^T W X q.
  Matrix CrossTransposed(const Matrix& q) const {
    if (!options_.in_order) return Square(q) - options_.l2 * q;
    Matrix result = Matrix::Zero(q.rows(), q.cols());
    Matrix told;
    Row sum;
    for (const std::vector<ItemRow>& s : sequences_) {
      Told(s, q, told);
      told *= RowWeight(s);
      sum = Row::Zero(q.cols());
      for (size_t t = 1; t < s.size(); ++t) {
        sum = sum * options_.next_decay + told.row(static_cast<Eigen::Index>(t)).array();
        result.row(s[t]).array() += sum;
      }
    }
    return result;
  }

  // Row t: X_t q. As a set there is one row, 0.
  void Told(const std::vector<ItemRow>& s, const Matrix& q, Matrix& rows) const {
    if (!options_.in_order) {
      rows = Matrix::Zero(1, q.cols());
      for (ItemRow item : s) rows.row(0) += q.row(item);
      return;
    }
    rows.resize(static_cast<Eigen::Index>(s.size()), q.cols());
    rows.row(0).setZero();
    for (size_t t = 1; t < s.size(); ++t) {
      const auto row = static_cast<Eigen::Index>(t);
      rows.row(row) = options_.decay * rows.row(row - 1) + q.row(s[t - 1]);
    }
  }
  // Row t: Y_t q.
  void Ahead(const std::vector<ItemRow>& s, const Matrix& q, Matrix& rows) const {
    if (!options_.in_order) return Told(s, q, rows);
    rows.resize(static_cast<Eigen::Index>(s.size()), q.cols());
    rows.row(rows.rows() - 1) = q.row(s.back());
    for (Eigen::Index t = rows.rows() - 2; t >= 0; --t)
      rows.row(t) = options_.next_decay * rows.row(t + 1) + q.row(s[static_cast<size_t>(t)]);
  }
  using RowsOf = void (ItemRegressionFit::*)(const std::vector<ItemRow>& s, const Matrix& q,
                                             Matrix& rows) const;
  // Adds X^T W rows, the rows being those of each sequence in turn.
  Matrix AddToAllHistories(RowsOf rows_of, const Matrix& q, Matrix result) const {
    Matrix rows;
    for (const std::vector<ItemRow>& s : sequences_) {
      (this->*rows_of)(s, q, rows);
      rows *= RowWeight(s);
      AddToHistories(s, rows, result);
    }
    return result;
  }
  // Adds X_t^T rows_t for every t.
  void AddToHistories(const std::vector<ItemRow>& s, const Matrix& rows, Matrix& result) const {
    if (!options_.in_order) {
      for (ItemRow item : s) result.row(item) += rows.row(0);
      return;
    }
    Row sum = Row::Zero(result.cols());
    for (size_t t = s.size() - 1; t > 0; --t) {
      sum = sum * options_.decay + rows.row(static_cast<Eigen::Index>(t)).array();
      result.row(s[t - 1]).array() += sum;
    }
  }

  const ItemRegressionOptions& options_;
  const Eigen::Index items_;
  WorkerPool& pool_;
  std::vector<std::vector<ItemRow>> sequences_;
};

}  // namespace

std::vector<float> WeightsByAge(const ItemRegressionOptions& options) {
  std::vector<float> weights;
  for (size_t age = 0; age < options.history; ++age)
    weights.push_back(std::pow(options.decay, static_cast<float>(age)));
  return weights;
}

ItemFactorsData FitItemRegression(const Dataset& dataset, std::span<const UserSequence> sequences,
                                  const ItemRegressionOptions& options, uint64_t seed,
                                  WorkerPool& pool) {
  return ItemRegressionFit(dataset, sequences, options, pool).Run(seed);
}

}  // namespace shortlist
