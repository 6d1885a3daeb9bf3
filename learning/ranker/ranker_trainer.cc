#include "learning/ranker/ranker_trainer.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <set>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/progress.h"
#include "common/status_macros.h"
#include "data/past_request.h"
#include "features/feature_spec_check.h"
#include "features/kinds/feature_kind_table.h"
#include "learning/ranker/ftrl_proximal.h"
#include "learning/ranker/interaction_counter.h"
#include "learning/ranker/labelled_examples.h"

namespace shortlist {
namespace {

// How much of it the weights of numbers bear. There are few of them, and every example tells
// something of each; weights of attribute values and their crosses see but a part of the examples.
constexpr float kNumericPenalty = 0.001F;
// Candidates of so many requests are kept at a time.
constexpr size_t kPart = 1'000;

// What an ablation leaves out together.
std::string GroupOf(FeatureKind kind) { return FindFeatureKind(kind)->group; }

class RankerTrainer {
 public:
  RankerTrainer(const Dataset& dataset, std::span<const UserSequence> sequences,
                const Bundle& bundle, const RankerOptions& options, uint64_t seed, WorkerPool& pool)
      : dataset_(dataset),
        sequences_(sequences),
        bundle_(bundle),
        options_(options),
        seed_(seed),
        pool_(pool) {}

  absl::StatusOr<RankerTrainingResult> Run() {
    std::vector<uint32_t> users;
    for (uint32_t user = 0; user < sequences_.size(); ++user)
      if (sequences_[user].train_end < sequences_[user].valid_end) users.push_back(user);
    std::vector<uint32_t> sample = users;
    if (sample.size() > options_.max_requests) {
      std::mt19937_64 random(seed_);
      std::shuffle(sample.begin(), sample.end(), random);
      sample.resize(options_.max_requests);
    }
    result_.spec = options_.spec
                       ? *options_.spec
                       : DefaultFeatureSpec(bundle_.catalog.schema(), bundle_.requests.users(),
                                            bundle_.requests.contexts(), HasLikes());
    RETURN_IF_ERROR(CollectExamples(std::move(sample)));
    Standardise();
    split_ = SplitByRequest(examples_);
    for (uint32_t i = 0; i < width_; ++i)
      penalties_.push_back(IsNumeric(result_.spec.features[feature_of_[i]]) ? kNumericPenalty : 1);
    if (options_.liked_head) {  // First: it may be refused, and takes no time.
      ASSIGN_OR_RETURN(result_.liked_head,
                       TrainLikedHead(TakenUp(), options_.liked_value, penalties_,
                                      result_.spec.Fingerprint(), pool_));
    }
    start_ = KnowsTheShareAlone(examples_, width_);
    result_.base_log_loss = MeanLogLoss(examples_, split_.held_out, start_);

    if (options_.solver == RankerSolver::kFtrl) {
      RETURN_IF_ERROR(LearnFromStream(std::move(users)));
    } else {
      FitExactly();
      TrainVariants();
      Fit(split_.all, result_.l2, std::vector<char>(width_), "ranker, all requests", best_);
    }
    result_.weights = WeightsOf(best_, calibration_, result_.spec.Fingerprint());
    result_.variants.insert(result_.variants.begin(), {kWholeRanker, result_.weights});
    return std::move(result_);
  }

 private:
  bool HasLikes() const {
    const ItemStatistics& known = bundle_.statistics;
    return known.total_liked > 0 && known.total_liked < known.total;
  }

  // What became of a candidate.
  struct Outcome {
    bool taken = false;
    bool liked = false;
    float worth = 1;  // Of the interaction or, without its sign, of the refusal.
  };
  // Whose request it is, and the how manyth.
  struct RequestOf {
    uint32_t user;
    uint32_t number;  // From 0, in order of time.
  };
  using Sink = std::function<void(std::span<const FeatureValue>, const Outcome&, float weight,
                                  const RequestOf&)>;

  // What became of items that the user took up in validation, or refused before the test begins,
  // as far as the times are known: sure negatives.
  absl::flat_hash_map<ItemRow, Outcome> OutcomesOf(uint32_t user) const {
    const UserSequence& sequence = sequences_[user];
    const std::vector<DatasetInteraction>& all = dataset_.interactions;
    absl::flat_hash_map<ItemRow, Outcome> outcomes;
    for (size_t i = sequence.train_end; i < sequence.valid_end; ++i)
      outcomes[all[i].item] = {
          .taken = true, .liked = all[i].value >= options_.liked_value, .worth = all[i].worth};
    const int64_t test_begin = dataset_.has_times && sequence.valid_end < sequence.end
                                   ? all[sequence.valid_end].time_ms
                                   : std::numeric_limits<int64_t>::max();
    auto it = std::lower_bound(
        dataset_.refused.begin(), dataset_.refused.end(), user,
        [](const DatasetInteraction& refused, uint32_t row) { return refused.user < row; });
    for (; it != dataset_.refused.end() && it->user == user; ++it)
      if (it->time_ms < test_begin) outcomes.try_emplace(it->item, Outcome{.worth = -it->worth});
    return outcomes;
  }

  // Passes every positive of the users' requests on, what they refused, and a sample of the other
  // negatives.
  absl::Status ForEachExample(std::vector<uint32_t> users, const FeatureSpec& spec,
                              const std::string& what, const Sink& sink) {
    std::stable_sort(users.begin(), users.end(), [&](uint32_t a, uint32_t b) {
      return dataset_.interactions[sequences_[a].train_end].time_ms <
             dataset_.interactions[sequences_[b].train_end].time_ms;
    });
    InteractionCounter counter(dataset_, sequences_, options_.liked_value);
    FeatureInputs inputs = FeatureInputsOf(bundle_);
    // Without real times there is no common "before": the training part's counts stand in.
    if (dataset_.has_unix_times) inputs.statistics = &counter.statistics();
    ASSIGN_OR_RETURN(const FeatureExtractor extractor, FeatureExtractor::Create(spec, inputs));
    width_ = extractor.width();
    feature_of_.resize(width_);
    for (uint32_t i = 0; i < width_; ++i)
      feature_of_[i] = static_cast<uint32_t>(extractor.FeatureOf(i));
    for (size_t f = result_.shared.size(); f < spec.features.size(); ++f)
      result_.shared.push_back(extractor.SharedValues(f));

    std::mt19937_64 random(seed_);
    const PastRequests past(dataset_);
    Progress progress(what, users.size(), "requests");
    for (size_t begin = 0; begin < users.size(); begin += kPart) {
      const size_t count = std::min(kPart, users.size() - begin);
      std::vector<PastRequest> requests(count);
      std::vector<std::vector<Candidate>> candidates(count);
      pool_.ForEach(count, [&](size_t r) {
        const uint32_t user = users[begin + r];
        requests[r] = past.Before(sequences_[user], user, sequences_[user].train_end);
        ItemFilter filter;
        filter.Exclude(ItemsOf(requests[r].user));
        candidates[r] = bundle_.candidates->Generate(requests[r].user, requests[r].context, filter,
                                                     options_.candidates);
      });
      for (size_t r = 0; r < count; ++r) {
        if (dataset_.has_unix_times) counter.AdvanceTo(requests[r].context.time_ms);
        PassOn(extractor, {.user = users[begin + r], .number = static_cast<uint32_t>(begin + r)},
               requests[r], candidates[r], random, sink);
        progress.Update(begin + r + 1);
      }
    }
    progress.Finish();
    return absl::OkStatus();
  }

  void PassOn(const FeatureExtractor& extractor, const RequestOf& whose, const PastRequest& past,
              std::span<const Candidate> candidates, std::mt19937_64& random,
              const Sink& sink) const {
    const absl::flat_hash_map<ItemRow, Outcome> outcomes = OutcomesOf(whose.user);
    const FeatureExtractor::Request request = extractor.Begin(past.user, past.context, candidates);
    std::vector<FeatureValue> values;
    std::vector<size_t> negatives;
    for (size_t position = 0; position < candidates.size(); ++position) {
      const auto it = outcomes.find(candidates[position].item);
      if (it == outcomes.end()) {
        negatives.push_back(position);
        continue;
      }
      extractor.Compute(request, position, values);
      sink(values, it->second, 1, whose);
    }
    std::shuffle(negatives.begin(), negatives.end(), random);
    const size_t kept = std::min(negatives.size(), options_.negatives_per_request);
    const float weight = static_cast<float>(negatives.size()) / static_cast<float>(kept);
    for (size_t i = 0; i < kept; ++i) {
      extractor.Compute(request, negatives[i], values);
      sink(values, Outcome(), weight, whose);
    }
  }

  absl::Status CollectExamples(std::vector<uint32_t> users) {
    result_.requests = users.size();
    RETURN_IF_ERROR(ForEachExample(std::move(users), result_.spec, "ranking features",
                                   [&](std::span<const FeatureValue> values, const Outcome& outcome,
                                       float weight, const RequestOf& whose) {
                                     examples_.Add(values, outcome.taken ? 1 : 0, weight,
                                                   Importance(outcome), whose.number);
                                     liked_.push_back(outcome.liked);
                                     if (IsHeldOut(whose.number)) held_out_.insert(whose.user);
                                   }));
    result_.examples = examples_.size();
    result_.positives =
        static_cast<size_t>(std::count(examples_.labels.begin(), examples_.labels.end(), 1.0F));
    if (result_.positives == 0)
      return absl::FailedPreconditionError(
          "cannot train the ranker: no candidate was taken up in validation (too little data?)");
    return absl::OkStatus();
  }

  // How many times learning counts an example.
  float Importance(const Outcome& outcome) const {
    return outcome.worth * (outcome.liked ? options_.liked_weight : 1.0F);
  }

  // The positives, labelled by whether they are liked.
  LabelledExamples TakenUp() const {
    LabelledExamples taken_up;
    for (size_t i = 0; i < examples_.size(); ++i)
      if (examples_.labels[i] == 1)
        taken_up.Add(examples_[i], liked_[i] ? 1.0F : 0.0F, 1, 1, examples_.requests[i]);
    return taken_up;
  }

  // Learns mean and deviation of the numeric features and applies them; counts who has what.
  void Standardise() {
    struct Moments {
      double weight = 0, sum = 0, squares = 0;
    };
    std::vector<Feature>& features = result_.spec.features;
    std::vector<Moments> moments(features.size());
    result_.coverage.assign(features.size(), 0);
    double total = 0;
    for (size_t i = 0; i < examples_.size(); ++i) {
      const double weight = examples_.weights[i];
      total += weight;
      size_t last = features.size();
      for (const FeatureValue& value : examples_[i]) {
        const size_t f = feature_of_[value.index];
        if (f != last) result_.coverage[f] += weight;  // Those of a feature are neighbours.
        last = f;
        Moments& m = moments[f];
        m.weight += weight;
        m.sum += weight * value.value;
        m.squares += weight * value.value * value.value;
      }
    }
    for (double& share : result_.coverage) share /= total;
    for (size_t f = 0; f < features.size(); ++f) {
      if (!IsNumeric(features[f]) || moments[f].weight == 0) continue;
      const double mean = moments[f].sum / moments[f].weight;
      const double variance = moments[f].squares / moments[f].weight - mean * mean;
      features[f].mean = static_cast<float>(mean);
      // A feature that never varies is left unscaled.
      features[f].deviation = variance > 1e-10 ? static_cast<float>(std::sqrt(variance)) : 1.0F;
    }
    for (FeatureValue& value : examples_.values) {
      const Feature& feature = features[feature_of_[value.index]];
      if (IsNumeric(feature)) value.value = (value.value - feature.mean) / feature.deviation;
    }
  }

  // First the weights that order the candidates of a request, then those of what they have in
  // common, which tell how much of a request's candidates is taken up. Weights that are left out
  // stay as they are.
  void Fit(std::span<const uint32_t> chosen, double l2, const std::vector<char>& left_out,
           const std::string& what, Eigen::VectorXd& x) {
    std::vector<char> not_ordering = left_out, ordering = left_out;
    for (uint32_t i = 0; i < width_; ++i) {
      const FeatureKind kind = result_.spec.features[feature_of_[i]].kind;
      const bool of_request = FindFeatureKind(kind)->shape == FeatureShape::kRequest;
      (of_request ? not_ordering : ordering)[i] = 1;
    }
    FitConditionalLogistic(examples_, chosen,
                           {.l2 = l2, .penalties = penalties_, .held = not_ordering}, pool_, what,
                           x);
    FitLogistic(examples_, chosen, {.l2 = l2, .penalties = penalties_, .held = ordering}, pool_, "",
                x);
  }

  void FitExactly() {
    ChosenStrength chosen =
        ChooseStrength(examples_, split_, start_, [&](double l2, Eigen::VectorXd& x) {
          Fit(split_.fitted, l2, std::vector<char>(width_), absl::StrFormat("ranker, L2 %g", l2),
              x);
        });
    result_.l2 = chosen.l2;
    result_.log_loss = chosen.log_loss;
    result_.strengths = std::move(chosen.tried);
    best_ = std::move(chosen.x);
    calibration_ = FitPlatt(examples_, split_.held_out, best_);
  }

  // From every request but those that are held out of the sample, which judge: the strengths side
  // by side, by what each loses on them.
  absl::Status LearnFromStream(std::vector<uint32_t> users) {
    std::vector<FtrlProximal> learners;
    std::vector<double> losses(std::size(kStrengths), 0);
    for (double l2 : kStrengths)
      learners.emplace_back(width_, FtrlOptions{.l1 = options_.l1, .l2 = l2}, start_[width_]);
    double held_out_weight = 0;
    result_.requests = users.size() - held_out_.size();
    result_.examples = result_.positives = 0;
    RETURN_IF_ERROR(ForEachExample(std::move(users), result_.spec, "ranker, FTRL",
                                   [&](std::span<const FeatureValue> values, const Outcome& outcome,
                                       float weight, const RequestOf& whose) {
                                     const float label = outcome.taken ? 1 : 0;
                                     if (!held_out_.contains(whose.user)) {
                                       ++result_.examples;
                                       result_.positives += outcome.taken;
                                       for (FtrlProximal& learner : learners)
                                         learner.Learn(values, label, weight * Importance(outcome));
                                     } else {
                                       for (size_t s = 0; s < learners.size(); ++s)
                                         losses[s] +=
                                             weight * LogLoss(learners[s].Logit(values), label);
                                       held_out_weight += weight;
                                     }
                                   }));
    const auto best =
        static_cast<size_t>(std::min_element(losses.begin(), losses.end()) - losses.begin());
    for (size_t s = 0; s < losses.size(); ++s)
      result_.strengths.push_back({kStrengths[s], losses[s] / std::max(held_out_weight, 1.0)});
    result_.l2 = kStrengths[best];
    best_ = start_;
    for (uint32_t i = 0; i < width_; ++i) best_[i] = learners[best].Weight(i);
    best_[width_] = learners[best].bias();
    result_.log_loss = MeanLogLoss(examples_, split_.held_out, best_);
    calibration_ = FitPlatt(examples_, split_.held_out, best_);
    return absl::OkStatus();
  }

  // As the ranker itself, with the strength that it was given.
  void TrainVariants() {
    const std::vector<Feature>& features = result_.spec.features;
    if (options_.variants == RankerVariants::kNone) return;
    auto add = [&](std::string name, const std::function<bool(FeatureKind)>& keeps) {
      std::vector<char> left_out(width_);
      for (uint32_t i = 0; i < width_; ++i)
        left_out[i] = keeps(features[feature_of_[i]].kind) ? 0 : 1;
      Eigen::VectorXd x = best_;
      for (uint32_t i = 0; i < width_; ++i)
        if (left_out[i]) x[i] = 0;
      Fit(split_.fitted, result_.l2, left_out, absl::StrCat("ranker ", name), x);
      const PlattCalibration calibration = FitPlatt(examples_, split_.held_out, x);
      Fit(split_.all, result_.l2, left_out, "", x);
      result_.variants.push_back(
          {.name = std::move(name),
           .weights = WeightsOf(x, calibration, result_.spec.Fingerprint())});
    };
    add(kTowerScoreAlone, [](FeatureKind kind) { return kind == FeatureKind::kTowerScore; });
    add(kPopularityAlone, [](FeatureKind kind) { return kind == FeatureKind::kLogPopularity; });
    add(kWithoutCrosses, [](FeatureKind kind) { return !FindFeatureKind(kind)->is_cross; });
    if (options_.variants != RankerVariants::kAblation) return;
    std::set<std::string> groups;
    for (const Feature& feature : features) {
      const std::string group = GroupOf(feature.kind);
      if (!groups.insert(group).second) continue;
      add(absl::StrCat("without ", group),
          [&](FeatureKind kind) { return GroupOf(kind) != group; });
    }
  }

  const Dataset& dataset_;
  std::span<const UserSequence> sequences_;
  const Bundle& bundle_;
  const RankerOptions& options_;
  const uint64_t seed_;
  WorkerPool& pool_;

  RankerTrainingResult result_;
  uint32_t width_ = 0;
  std::vector<uint32_t> feature_of_;  // By weight.
  LabelledExamples examples_;
  std::vector<char> liked_;                 // By example.
  absl::flat_hash_set<uint32_t> held_out_;  // Users of the requests that are.
  ExampleSplit split_;
  std::vector<float> penalties_;  // By weight.
  // Weights, the bias last: those that know the share of positives alone, and the best.
  Eigen::VectorXd start_, best_;
  PlattCalibration calibration_;
};

}  // namespace

absl::StatusOr<RankerTrainingResult> TrainRanker(const Dataset& dataset,
                                                 std::span<const UserSequence> sequences,
                                                 const Bundle& bundle, const RankerOptions& options,
                                                 uint64_t seed, WorkerPool& pool) {
  return RankerTrainer(dataset, sequences, bundle, options, seed, pool).Run();
}

}  // namespace shortlist
