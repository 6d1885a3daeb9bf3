// L-BFGS (Liu and Nocedal 1989) with backtracking line search, for smooth convex functions.
#pragma once

#include <cstddef>
#include <functional>

#include <Eigen/Core>

namespace shortlist {

struct LbfgsOptions {
  size_t memory = 10;
  size_t max_iterations = 200;
  double gradient_tolerance = 1e-6;  // On the largest component, in absolute terms.
};

struct LbfgsResult {
  double value = 0;
  size_t iterations = 0;
  bool converged = false;
};

// Returns the function's value at x and writes its gradient, which has the size of x.
using ObjectiveFunction =
    std::function<double(const Eigen::VectorXd& x, Eigen::VectorXd& gradient)>;

// Moves x to the minimum, as far as max_iterations reach. `progress`, if there is one, is told the
// iteration and the value after each.
LbfgsResult MinimiseLbfgs(const ObjectiveFunction& function, const LbfgsOptions& options,
                          Eigen::VectorXd& x,
                          const std::function<void(size_t, double)>& progress = nullptr);

}  // namespace shortlist
