// Logistic regression fitted exactly: to examples that are all in memory, by L-BFGS on all cores.
// For streams of any size: learning/ranker/ftrl_proximal.h.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "common/parallel.h"
#include "learning/ranker/labelled_examples.h"
#include "ranking/log_loss.h"
#include "ranking/logistic_ranker.h"

namespace shortlist {

// Weights times features plus the bias, which is the last of `x`.
double Logit(const LabelledExamples& examples, size_t i, const Eigen::VectorXd& x);

struct LogisticFitOptions {
  double l2 = 0;
  // By weight: what l2 is multiplied by. Empty: by 1.
  std::span<const float> penalties = {};
  size_t max_iterations = 150;
  double gradient_tolerance = 1e-2;
  // By weight: those that are to stay as they are. Empty: none.
  std::span<const char> held = {};
};

// Weights, the bias last, that minimise the weighted sum of log losses over the chosen examples
// plus l2 / 2 times the squared weights, each times its penalty; the bias is free. `x` is where the
// search starts and ends. `what` is said while it lasts; empty: nothing is.
void FitLogistic(const LabelledExamples& examples, std::span<const uint32_t> chosen,
                 const LogisticFitOptions& options, WorkerPool& pool, const std::string& what,
                 Eigen::VectorXd& x);

// Likewise, of what orders the candidates of a request: conditional logistic regression (McFadden
// 1974, "Conditional logit analysis of qualitative choice behavior"). The loss of a request is the
// mean, by importance, over its positives p of
//   -log( exp(z_p) / sum_c weight_c exp(z_c) ),  z the weighted sum of features, c all candidates,
// so that every request counts once, however much was taken up. What the candidates of a request
// have in common, and the bias, makes no difference to it and should be held. `chosen` is
// ascending.
void FitConditionalLogistic(const LabelledExamples& examples, std::span<const uint32_t> chosen,
                            const LogisticFitOptions& options, WorkerPool& pool,
                            const std::string& what, Eigen::VectorXd& x);

// Weighted mean log loss of the chosen examples.
double MeanLogLoss(const LabelledExamples& examples, std::span<const uint32_t> chosen,
                   const Eigen::VectorXd& x);

// Platt (1999): probability = Sigmoid(slope logit + offset).
struct PlattCalibration {
  double slope = 1;
  double offset = 0;
};

// Fitted to the chosen examples, which x has not seen; nothing is changed where they are too few to
// say (all labels equal, or a slope that would turn the order round).
PlattCalibration FitPlatt(const LabelledExamples& examples, std::span<const uint32_t> chosen,
                          const Eigen::VectorXd& x);

// Of the L2 penalty, strongest first: each fit starts from the one before, and weak ones take long.
inline constexpr double kStrengths[] = {10'000, 1'000, 100, 10, 1};

struct TriedStrength {
  double l2;
  double log_loss;  // Of the held-out examples.
};

struct ChosenStrength {
  double l2 = 0;
  double log_loss = 0;
  std::vector<TriedStrength> tried;
  Eigen::VectorXd x;  // Fitted with it to split.fitted.
};

// Fits `x`, which starts where the strength before ended, to split.fitted.
using FitWithStrength = std::function<void(double l2, Eigen::VectorXd& x)>;

// Fits with one strength after the other, until the held-out examples lose more.
ChosenStrength ChooseStrength(const LabelledExamples& examples, const ExampleSplit& split,
                              const Eigen::VectorXd& start, const FitWithStrength& fit);

// The share of positives, each example by its weight; never quite 0 or 1.
double PositiveShare(const LabelledExamples& examples);
// Weights, the bias last, that know that share alone.
Eigen::VectorXd KnowsTheShareAlone(const LabelledExamples& examples, uint32_t width);

// As they are stored and served.
LogisticWeights WeightsOf(const Eigen::VectorXd& x, const PlattCalibration& calibration,
                          uint64_t spec_fingerprint);

}  // namespace shortlist
