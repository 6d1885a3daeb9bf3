#include "learning/ranker/lbfgs.h"

#include <algorithm>
#include <deque>
#include <vector>

namespace shortlist {
namespace {

constexpr double kSufficientDecrease = 1e-4;
constexpr int kMaxBacktracks = 40;

struct Step {
  Eigen::VectorXd moved;    // x_{k+1} - x_k
  Eigen::VectorXd changed;  // gradient_{k+1} - gradient_k
  double curvature;         // moved . changed
};

// The two-loop recursion: an approximation of the inverse Hessian times the gradient.
Eigen::VectorXd Direction(const std::deque<Step>& steps, const Eigen::VectorXd& gradient) {
  Eigen::VectorXd q = gradient;
  std::vector<double> alphas(steps.size());
  for (size_t i = steps.size(); i-- > 0;) {
    alphas[i] = steps[i].moved.dot(q) / steps[i].curvature;
    q -= alphas[i] * steps[i].changed;
  }
  if (!steps.empty()) q *= steps.back().curvature / steps.back().changed.squaredNorm();
  for (size_t i = 0; i < steps.size(); ++i) {
    const double beta = steps[i].changed.dot(q) / steps[i].curvature;
    q += (alphas[i] - beta) * steps[i].moved;
  }
  return -q;
}

}  // namespace

LbfgsResult MinimiseLbfgs(const ObjectiveFunction& function, const LbfgsOptions& options,
                          Eigen::VectorXd& x, const std::function<void(size_t, double)>& progress) {
  LbfgsResult result;
  Eigen::VectorXd gradient(x.size());
  result.value = function(x, gradient);
  std::deque<Step> steps;
  Eigen::VectorXd next_x(x.size());
  Eigen::VectorXd next_gradient(x.size());
  while (result.iterations < options.max_iterations) {
    if (gradient.size() == 0 || gradient.lpNorm<Eigen::Infinity>() <= options.gradient_tolerance) {
      result.converged = true;
      break;
    }
    const Eigen::VectorXd direction = Direction(steps, gradient);
    const double slope = direction.dot(gradient);
    double length = steps.empty() ? std::min(1.0, 1.0 / gradient.norm()) : 1.0;
    double next_value = 0;
    int backtracks = 0;
    for (; backtracks < kMaxBacktracks; ++backtracks, length *= 0.5) {
      next_x = x + length * direction;
      next_value = function(next_x, next_gradient);
      if (next_value <= result.value + kSufficientDecrease * length * slope) break;
    }
    if (backtracks == kMaxBacktracks) break;  // As far as the arithmetic's precision reaches.
    Step step{next_x - x, next_gradient - gradient, 0};
    step.curvature = step.moved.dot(step.changed);
    if (step.curvature > 1e-12 * step.changed.squaredNorm()) {
      steps.push_back(std::move(step));
      if (steps.size() > options.memory) steps.pop_front();
    }
    x = next_x;
    gradient = next_gradient;
    result.value = next_value;
    ++result.iterations;
    if (progress) progress(result.iterations, result.value);
  }
  return result;
}

}  // namespace shortlist
