#include "training/ranker_trainer.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <random>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_format.h"
#include "common/progress.h"
#include "common/status_macros.h"
#include "training/interaction_counter.h"
#include "training/lbfgs.h"
#include "training/request_builder.h"

namespace shortlist {
namespace {

constexpr double kStrengths[] = {1, 10, 100, 1000};
// Every this many-th request is held out for choosing the strength and for calibration.
constexpr size_t kHoldoutStride = 5;

// Labelled sparse feature vectors.
struct Examples {
  std::vector<size_t> begin = {0};  // Example i: values[begin[i], begin[i + 1]).
  std::vector<FeatureValue> values;
  std::vector<float> labels;  // 0 or 1.
  std::vector<float> weights;
  std::vector<uint32_t> requests;

  size_t size() const { return labels.size(); }
  std::span<const FeatureValue> operator[](size_t i) const {
    return {values.data() + begin[i], values.data() + begin[i + 1]};
  }
};

// Users with validation interactions, a sample if there are too many, in order of time.
std::vector<uint32_t> ChooseUsers(const Dataset& dataset, std::span<const UserSequence> sequences,
                                  const RankerOptions& options) {
  std::vector<uint32_t> users;
  for (uint32_t user = 0; user < sequences.size(); ++user)
    if (sequences[user].train_end < sequences[user].valid_end) users.push_back(user);
  std::mt19937_64 random(options.seed);
  if (users.size() > options.max_requests) {
    std::shuffle(users.begin(), users.end(), random);
    users.resize(options.max_requests);
  }
  std::stable_sort(users.begin(), users.end(), [&](uint32_t a, uint32_t b) {
    return dataset.interactions[sequences[a].train_end].time_ms <
           dataset.interactions[sequences[b].train_end].time_ms;
  });
  return users;
}

// The candidates retrieval returns just before each user's validation interactions.
std::vector<std::vector<Candidate>> RetrieveCandidates(const Dataset& dataset,
                                                       std::span<const UserSequence> sequences,
                                                       const Bundle& bundle,
                                                       std::span<const uint32_t> users,
                                                       size_t count, WorkerPool& pool) {
  std::vector<std::vector<Candidate>> candidates(users.size());
  pool.ForEach(users.size(), [&](size_t i) {
    const UserSequence& sequence = sequences[users[i]];
    const PastRequest request = RequestBefore(dataset, sequence, users[i], sequence.train_end);
    ItemFilter filter;
    filter.Exclude(ItemsOf(request.user));
    candidates[i] = bundle.candidates->Generate(request.user, request.context, filter, count);
  });
  return candidates;
}

Examples MakeExamples(const Dataset& dataset, std::span<const UserSequence> sequences,
                      const FeatureExtractor& extractor, InteractionCounter& counter,
                      std::span<const uint32_t> users,
                      std::span<const std::vector<Candidate>> candidates,
                      const RankerOptions& options) {
  Examples examples;
  std::mt19937_64 random(options.seed);
  std::vector<FeatureValue> values;
  std::vector<size_t> negatives;
  Progress progress("ranking features", users.size(), "requests");
  for (size_t r = 0; r < users.size(); ++r) {
    const UserSequence& sequence = sequences[users[r]];
    const PastRequest past = RequestBefore(dataset, sequence, users[r], sequence.train_end);
    if (dataset.has_unix_times) counter.AdvanceTo(past.context.time_ms);
    absl::flat_hash_set<ItemRow> taken;
    for (size_t i = sequence.train_end; i < sequence.valid_end; ++i)
      taken.insert(dataset.interactions[i].item);

    const FeatureExtractor::Request request =
        extractor.Begin(past.user, past.context, candidates[r]);
    auto add = [&](size_t position, float label, float weight) {
      extractor.Compute(request, position, values);
      examples.values.insert(examples.values.end(), values.begin(), values.end());
      examples.begin.push_back(examples.values.size());
      examples.labels.push_back(label);
      examples.weights.push_back(weight);
      examples.requests.push_back(static_cast<uint32_t>(r));
    };
    negatives.clear();
    for (size_t position = 0; position < candidates[r].size(); ++position) {
      if (taken.contains(candidates[r][position].item)) {
        add(position, 1, 1);
      } else {
        negatives.push_back(position);
      }
    }
    std::shuffle(negatives.begin(), negatives.end(), random);
    const size_t kept = std::min(negatives.size(), options.negatives_per_request);
    for (size_t i = 0; i < kept; ++i)
      add(negatives[i], 0, static_cast<float>(negatives.size()) / static_cast<float>(kept));
    progress.Update(r + 1);
  }
  progress.Finish();
  return examples;
}

// Learns mean and deviation of the numeric features and applies them.
void Standardise(const FeatureExtractor& extractor, Examples& examples, FeatureSpec& spec) {
  struct Moments {
    double weight = 0, sum = 0, squares = 0;
  };
  std::vector<Moments> moments(spec.features.size());
  std::vector<size_t> feature_of(extractor.width());
  for (uint32_t i = 0; i < extractor.width(); ++i) feature_of[i] = extractor.FeatureOf(i);
  for (size_t i = 0; i < examples.size(); ++i) {
    for (const FeatureValue& value : examples[i]) {
      Moments& m = moments[feature_of[value.index]];
      const double weight = examples.weights[i];
      m.weight += weight;
      m.sum += weight * value.value;
      m.squares += weight * value.value * value.value;
    }
  }
  for (size_t f = 0; f < spec.features.size(); ++f) {
    if (!IsNumeric(spec.features[f].kind) || moments[f].weight == 0) continue;
    const double mean = moments[f].sum / moments[f].weight;
    const double variance = moments[f].squares / moments[f].weight - mean * mean;
    spec.features[f].mean = static_cast<float>(mean);
    // A feature that never varies is left unscaled.
    spec.features[f].deviation = variance > 1e-10 ? static_cast<float>(std::sqrt(variance)) : 1.0F;
  }
  for (FeatureValue& value : examples.values) {
    const Feature& feature = spec.features[feature_of[value.index]];
    if (IsNumeric(feature.kind)) value.value = (value.value - feature.mean) / feature.deviation;
  }
}

double Logit(const Examples& examples, size_t i, const Eigen::VectorXd& x) {
  double logit = x[x.size() - 1];
  for (const FeatureValue& value : examples[i]) logit += x[value.index] * value.value;
  return logit;
}

// log(1 + exp(-z)) without overflow, for z = logit of a positive, minus logit of a negative.
double LogLoss(double logit, float label) {
  const double z = label > 0 ? logit : -logit;
  return z > 0 ? std::log1p(std::exp(-z)) : -z + std::log1p(std::exp(z));
}

double Sigmoid(double logit) { return 1.0 / (1.0 + std::exp(-logit)); }

// Weighted mean log loss over some examples.
double MeanLogLoss(const Examples& examples, std::span<const uint32_t> chosen,
                   const std::function<double(size_t)>& logit) {
  double loss = 0;
  double weight = 0;
  for (uint32_t i : chosen) {
    loss += examples.weights[i] * LogLoss(logit(i), examples.labels[i]);
    weight += examples.weights[i];
  }
  return weight > 0 ? loss / weight : 0;
}

// Weights, the bias last, that minimise the weighted sum of log losses plus l2 / 2 |w|^2.
// `x` is where the search starts and ends.
void Fit(const Examples& examples, std::span<const uint32_t> chosen, double l2, WorkerPool& pool,
         const std::string& what, Eigen::VectorXd& x) {
  const LbfgsOptions options{.max_iterations = 150, .gradient_tolerance = 1e-2};
  Progress progress(what, options.max_iterations, "iterations");
  std::vector<Eigen::VectorXd> gradients(pool.threads());
  auto objective = [&](const Eigen::VectorXd& point, Eigen::VectorXd& gradient) {
    std::vector<double> losses(pool.threads(), 0);
    for (Eigen::VectorXd& part : gradients) part.setZero(point.size());
    pool.ForEachRange(chosen.size(), [&](size_t thread, size_t begin, size_t end) {
      Eigen::VectorXd& part = gradients[thread];
      double loss = 0;
      for (size_t c = begin; c < end; ++c) {
        const uint32_t i = chosen[c];
        const double logit = Logit(examples, i, point);
        const double weight = examples.weights[i];
        loss += weight * LogLoss(logit, examples.labels[i]);
        const double slope = weight * (Sigmoid(logit) - examples.labels[i]);
        for (const FeatureValue& value : examples[i]) part[value.index] += slope * value.value;
        part[point.size() - 1] += slope;
      }
      losses[thread] = loss;
    });
    const auto weights = point.head(point.size() - 1);
    gradient = l2 * point;
    gradient[point.size() - 1] = 0;  // The bias is free.
    for (const Eigen::VectorXd& part : gradients) gradient += part;
    return std::accumulate(losses.begin(), losses.end(), 0.0) + 0.5 * l2 * weights.squaredNorm();
  };
  const LbfgsResult result =
      MinimiseLbfgs(objective, options, x, [&](size_t iteration, double value) {
        progress.Update(iteration, absl::StrFormat("loss %.1f", value));
      });
  progress.Finish(
      absl::StrFormat("loss %.1f after %d iterations", result.value, result.iterations));
}

// Platt's slope and offset for the logits of some examples.
void Calibrate(const Examples& examples, std::span<const uint32_t> chosen, const Eigen::VectorXd& x,
               LogisticWeights& weights) {
  double positives = 0;
  std::vector<double> logits;
  for (uint32_t i : chosen) positives += examples.labels[i];
  if (positives == 0 || positives == static_cast<double>(chosen.size())) return;
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
  // A slope that is not positive would turn the order round; it means there was too little data.
  if (point[0] <= 0 || !point.allFinite()) return;
  weights.calibration_slope = static_cast<float>(point[0]);
  weights.calibration_offset = static_cast<float>(point[1]);
}

}  // namespace

absl::StatusOr<RankerTrainingResult> TrainRanker(const Dataset& dataset,
                                                 std::span<const UserSequence> sequences,
                                                 const Bundle& bundle, const RankerOptions& options,
                                                 WorkerPool& pool) {
  RankerTrainingResult result;
  const std::vector<uint32_t> users = ChooseUsers(dataset, sequences, options);
  const auto candidates =
      RetrieveCandidates(dataset, sequences, bundle, users, options.candidates, pool);

  InteractionCounter counter(dataset);
  FeatureInputs inputs = FeatureInputsOf(bundle);
  // Without real times there is no common "before": the training part's counts stand in.
  if (dataset.has_unix_times) inputs.statistics = &counter.statistics();
  result.spec = DefaultFeatureSpec(bundle.catalog.schema(), bundle.towers.user_schema(),
                                   bundle.towers.context_schema());
  ASSIGN_OR_RETURN(FeatureExtractor extractor, FeatureExtractor::Create(result.spec, inputs));
  Examples examples =
      MakeExamples(dataset, sequences, extractor, counter, users, candidates, options);
  result.requests = users.size();
  result.examples = examples.size();
  result.positives =
      static_cast<size_t>(std::count(examples.labels.begin(), examples.labels.end(), 1.0F));
  if (result.positives == 0)
    return absl::FailedPreconditionError(
        "cannot train the ranker: no candidate was taken up in validation (too little data?)");
  Standardise(extractor, examples, result.spec);

  std::vector<uint32_t> all(examples.size());
  std::iota(all.begin(), all.end(), 0);
  std::vector<uint32_t> fitted;
  std::vector<uint32_t> held_out;
  for (uint32_t i : all)
    (examples.requests[i] % kHoldoutStride == kHoldoutStride - 1 ? held_out : fitted).push_back(i);
  // With only a handful of requests there may be nothing to learn from what is held out.
  auto has_label = [&](float label) {
    return std::any_of(held_out.begin(), held_out.end(),
                       [&](uint32_t i) { return examples.labels[i] == label; });
  };
  if (!has_label(0) || !has_label(1)) held_out = fitted;

  double positive_weight = 0;
  double total_weight = 0;
  for (size_t i = 0; i < examples.size(); ++i) {
    positive_weight += examples.labels[i] * examples.weights[i];
    total_weight += examples.weights[i];
  }
  const double share = std::clamp(positive_weight / total_weight, 1e-9, 1 - 1e-9);
  Eigen::VectorXd start = Eigen::VectorXd::Zero(extractor.width() + 1);
  start[extractor.width()] = std::log(share / (1 - share));
  result.base_log_loss =
      MeanLogLoss(examples, held_out, [&](size_t) { return start[extractor.width()]; });

  Eigen::VectorXd best;
  result.log_loss = std::numeric_limits<double>::infinity();
  for (double l2 : kStrengths) {
    Eigen::VectorXd x = best.size() > 0 ? best : start;
    Fit(examples, fitted, l2, pool, absl::StrFormat("ranker, L2 %g", l2), x);
    const double loss =
        MeanLogLoss(examples, held_out, [&](size_t i) { return Logit(examples, i, x); });
    if (loss >= result.log_loss) break;  // Convex in practice: stronger only gets worse.
    result.log_loss = loss;
    result.l2 = l2;
    best = x;
  }
  Calibrate(examples, held_out, best, result.weights);
  Fit(examples, all, result.l2, pool, "ranker, all requests", best);

  result.weights.spec_fingerprint = result.spec.Fingerprint();
  result.weights.bias = static_cast<float>(best[extractor.width()]);
  for (uint32_t i = 0; i < extractor.width(); ++i)
    result.weights.weights.push_back(static_cast<float>(best[i]));
  return result;
}

}  // namespace shortlist
