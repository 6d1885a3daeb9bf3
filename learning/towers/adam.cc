#include "learning/towers/adam.h"

#include <cmath>

namespace shortlist {
namespace {

using Eigen::Index;

// Both moments' bias corrections, folded into the learning rate and the second moment's scale.
struct Corrections {
  float rate;
  float variance;
};

Corrections CorrectionsAt(const AdamOptions& options, uint64_t step) {
  const auto n = static_cast<float>(step);
  return {options.learning_rate / (1.0F - std::pow(options.beta1, n)),
          1.0F / (1.0F - std::pow(options.beta2, n))};
}

}  // namespace

Adam::Adam(const Matrix& parameters)
    : mean_(Matrix::Zero(parameters.rows(), parameters.cols())),
      variance_(Matrix::Zero(parameters.rows(), parameters.cols())) {}

void Adam::Step(const AdamOptions& options, uint64_t step, WorkerPool& pool, const Matrix& gradient,
                Matrix& parameters) {
  const Corrections c = CorrectionsAt(options, step);
  pool.ForEachRange(static_cast<size_t>(parameters.rows()), [&](size_t, size_t begin, size_t end) {
    for (size_t row = begin; row < end; ++row)
      StepRow(options, c.rate, c.variance, static_cast<Index>(row), gradient, parameters);
  });
}

void Adam::StepRows(const AdamOptions& options, uint64_t step, std::span<const uint32_t> rows,
                    WorkerPool& pool, const Matrix& gradient, Matrix& parameters) {
  const Corrections c = CorrectionsAt(options, step);
  pool.ForEachRange(rows.size(), [&](size_t, size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i)
      StepRow(options, c.rate, c.variance, static_cast<Index>(rows[i]), gradient, parameters);
  });
}

void Adam::StepRow(const AdamOptions& options, float rate, float correction, Index row,
                   const Matrix& gradient, Matrix& parameters) {
  const auto g = gradient.row(row).array();
  auto mean = mean_.row(row).array();
  auto variance = variance_.row(row).array();
  auto p = parameters.row(row).array();
  mean = options.beta1 * mean + (1.0F - options.beta1) * g;
  variance = options.beta2 * variance + (1.0F - options.beta2) * g.square();
  p -= rate * mean / ((variance * correction).sqrt() + options.epsilon) +
       options.learning_rate * options.weight_decay * p;
}

}  // namespace shortlist
