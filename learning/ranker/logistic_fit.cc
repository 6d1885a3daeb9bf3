#include "learning/ranker/logistic_fit.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "absl/strings/str_format.h"
#include "common/progress.h"
#include "learning/ranker/lbfgs.h"

namespace shortlist {

double Logit(const LabelledExamples& examples, size_t i, const Eigen::VectorXd& x) {
  double logit = x[x.size() - 1];
  for (const FeatureValue& value : examples[i]) logit += x[value.index] * value.value;
  return logit;
}

namespace {

// Adds the gradient of examples, or requests, [begin, end) at a point; returns their loss.
using PartialLoss = std::function<double(const Eigen::VectorXd& point, size_t begin, size_t end,
                                         Eigen::VectorXd& gradient)>;

// The loss over [0, count) and the penalty.
void Minimise(size_t count, const PartialLoss& partial_loss, const LogisticFitOptions& options,
              WorkerPool& pool, const std::string& what, Eigen::VectorXd& x) {
  std::vector<Eigen::VectorXd> gradients(pool.threads());
  auto objective = [&](const Eigen::VectorXd& point, Eigen::VectorXd& gradient) {
    std::vector<double> losses(pool.threads(), 0);
    for (Eigen::VectorXd& part : gradients) part.setZero(point.size());
    pool.ForEachRange(count, [&](size_t thread, size_t begin, size_t end) {
      losses[thread] = partial_loss(point, begin, end, gradients[thread]);
    });
    double penalty = 0;
    gradient.setZero();
    for (Eigen::Index i = 0; i + 1 < point.size(); ++i) {
      const double l2 = options.penalties.empty()
                            ? options.l2
                            : options.l2 * double{options.penalties[static_cast<size_t>(i)]};
      gradient[i] = l2 * point[i];
      penalty += 0.5 * l2 * point[i] * point[i];
    }
    for (const Eigen::VectorXd& part : gradients) gradient += part;
    for (size_t i = 0; i < options.held.size(); ++i)
      if (options.held[i]) gradient[static_cast<Eigen::Index>(i)] = 0;
    return std::accumulate(losses.begin(), losses.end(), penalty);
  };
  const LbfgsOptions lbfgs{.max_iterations = options.max_iterations,
                           .gradient_tolerance = options.gradient_tolerance};
  if (what.empty()) {
    MinimiseLbfgs(objective, lbfgs, x);
    return;
  }
  Progress progress(what, lbfgs.max_iterations, "iterations");
  const LbfgsResult result =
      MinimiseLbfgs(objective, lbfgs, x, [&](size_t iteration, double value) {
        progress.Update(iteration, absl::StrFormat("loss %.1f", value));
      });
  progress.Finish(
      absl::StrFormat("loss %.1f after %d iterations", result.value, result.iterations));
}

void AddScaledFeatures(std::span<const FeatureValue> values, double scale, Eigen::VectorXd& sum) {
  for (const FeatureValue& value : values) sum[value.index] += scale * value.value;
}

}  // namespace

void FitLogistic(const LabelledExamples& examples, std::span<const uint32_t> chosen,
                 const LogisticFitOptions& options, WorkerPool& pool, const std::string& what,
                 Eigen::VectorXd& x) {
  auto loss_of = [&](const Eigen::VectorXd& point, size_t begin, size_t end,
                     Eigen::VectorXd& gradient) {
    double loss = 0;
    for (size_t c = begin; c < end; ++c) {
      const uint32_t i = chosen[c];
      const double logit = Logit(examples, i, point);
      const double weight = double{examples.weights[i]} * examples.importance[i];
      loss += weight * LogLoss(logit, examples.labels[i]);
      const double slope = weight * (Sigmoid(logit) - examples.labels[i]);
      AddScaledFeatures(examples[i], slope, gradient);
      gradient[point.size() - 1] += slope;
    }
    return loss;
  };
  Minimise(chosen.size(), loss_of, options, pool, what, x);
}

void FitConditionalLogistic(const LabelledExamples& examples, std::span<const uint32_t> chosen,
                            const LogisticFitOptions& options, WorkerPool& pool,
                            const std::string& what, Eigen::VectorXd& x) {
  std::vector<size_t> begins;  // Of requests, in `chosen`.
  for (size_t c = 0; c < chosen.size(); ++c)
    if (c == 0 || examples.requests[chosen[c]] != examples.requests[chosen[c - 1]])
      begins.push_back(c);
  begins.push_back(chosen.size());

  auto loss_of_request = [&](const Eigen::VectorXd& point, std::span<const uint32_t> request,
                             std::vector<double>& logits, Eigen::VectorXd& gradient) {
    double positives = 0;
    for (uint32_t i : request) positives += examples.labels[i] * examples.importance[i];
    if (positives == 0) return 0.0;
    logits.clear();
    for (uint32_t i : request) logits.push_back(Logit(examples, i, point));
    const double largest = *std::max_element(logits.begin(), logits.end());
    double total = 0;
    for (size_t k = 0; k < request.size(); ++k)
      total += examples.weights[request[k]] * std::exp(logits[k] - largest);
    const double log_total = largest + std::log(total);
    double loss = 0;
    for (size_t k = 0; k < request.size(); ++k) {
      const uint32_t i = request[k];
      const double taken = examples.labels[i] * examples.importance[i] / positives;
      const double expected = examples.weights[i] * std::exp(logits[k] - log_total);
      loss += taken * (log_total - logits[k]);
      AddScaledFeatures(examples[i], expected - taken, gradient);
    }
    return loss;
  };
  auto loss_of = [&](const Eigen::VectorXd& point, size_t begin, size_t end,
                     Eigen::VectorXd& gradient) {
    double loss = 0;
    std::vector<double> logits;
    for (size_t r = begin; r < end; ++r)
      loss += loss_of_request(point, chosen.subspan(begins[r], begins[r + 1] - begins[r]), logits,
                              gradient);
    return loss;
  };
  Minimise(begins.size() - 1, loss_of, options, pool, what, x);
}

double MeanLogLoss(const LabelledExamples& examples, std::span<const uint32_t> chosen,
                   const Eigen::VectorXd& x) {
  double loss = 0;
  double weight = 0;
  for (uint32_t i : chosen) {
    loss += examples.weights[i] * LogLoss(Logit(examples, i, x), examples.labels[i]);
    weight += examples.weights[i];
  }
  return weight > 0 ? loss / weight : 0;
}

PlattCalibration FitPlatt(const LabelledExamples& examples, std::span<const uint32_t> chosen,
                          const Eigen::VectorXd& x) {
  double positives = 0;
  std::vector<double> logits;
  for (uint32_t i : chosen) positives += examples.labels[i];
  if (positives == 0 || positives == static_cast<double>(chosen.size())) return {};
  for (uint32_t i : chosen) logits.push_back(Logit(examples, i, x));
  auto objective = [&](const Eigen::VectorXd& point, Eigen::VectorXd& gradient) {
    double loss = 0;
    gradient.setZero();
    for (size_t c = 0; c < chosen.size(); ++c) {
      const uint32_t i = chosen[c];
      const double logit = point[0] * logits[c] + point[1];
      loss += examples.weights[i] * LogLoss(logit, examples.labels[i]);
      const double slope = examples.weights[i] * (Sigmoid(logit) - examples.labels[i]);
      gradient[0] += slope * logits[c];
      gradient[1] += slope;
    }
    return loss;
  };
  Eigen::VectorXd point(2);
  point << 1, 0;
  MinimiseLbfgs(objective, {.gradient_tolerance = 1e-4}, point);
  if (point[0] <= 0 || !point.allFinite()) return {};
  return {.slope = point[0], .offset = point[1]};
}

ChosenStrength ChooseStrength(const LabelledExamples& examples, const ExampleSplit& split,
                              const Eigen::VectorXd& start, const FitWithStrength& fit) {
  ChosenStrength chosen;
  chosen.log_loss = std::numeric_limits<double>::infinity();
  chosen.x = start;
  for (double l2 : kStrengths) {
    Eigen::VectorXd x = chosen.x;
    fit(l2, x);
    const double loss = MeanLogLoss(examples, split.held_out, x);
    chosen.tried.push_back({l2, loss});
    if (loss >= chosen.log_loss) break;  // Convex in practice: weaker only gets worse.
    chosen.log_loss = loss;
    chosen.l2 = l2;
    chosen.x = std::move(x);
  }
  return chosen;
}

double PositiveShare(const LabelledExamples& examples) {
  double positive_weight = 0, total_weight = 0;
  for (size_t i = 0; i < examples.size(); ++i) {
    positive_weight += examples.labels[i] * examples.weights[i];
    total_weight += examples.weights[i];
  }
  return std::clamp(positive_weight / total_weight, 1e-9, 1 - 1e-9);
}

Eigen::VectorXd KnowsTheShareAlone(const LabelledExamples& examples, uint32_t width) {
  const double share = PositiveShare(examples);
  Eigen::VectorXd x = Eigen::VectorXd::Zero(width + 1);
  x[width] = std::log(share / (1 - share));
  return x;
}

LogisticWeights WeightsOf(const Eigen::VectorXd& x, const PlattCalibration& calibration,
                          uint64_t spec_fingerprint) {
  const Eigen::Index width = x.size() - 1;
  LogisticWeights weights{.spec_fingerprint = spec_fingerprint,
                          .bias = static_cast<float>(x[width]),
                          .calibration_slope = static_cast<float>(calibration.slope),
                          .calibration_offset = static_cast<float>(calibration.offset),
                          .weights = {}};
  for (Eigen::Index i = 0; i < width; ++i) weights.weights.push_back(static_cast<float>(x[i]));
  return weights;
}

}  // namespace shortlist
