#include "training/experiment.h"

#include <cblas.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "common/work_folder.h"
#include "evaluation/recommenders.h"
#include "learning/baselines/ease_model.h"
#include "learning/baselines/implicit_als_model.h"
#include "learning/baselines/item_knn_model.h"
#include "learning/baselines/popularity_model.h"
#include "learning/items/interaction_matrix.h"

namespace shortlist {
namespace {

// Users on whom the baselines' settings are chosen, and the metric.
constexpr size_t kValidationUsers = 3'000;
constexpr size_t kValidationCutoff = 10;

// One setting of a baseline: what it is called and how it is fitted.
struct Setting {
  std::string description;
  std::function<absl::StatusOr<std::unique_ptr<ScoringModel>>(std::span<const UserSequence>)> fit;
};

template <class Model>
std::unique_ptr<ScoringModel> AsScoringModel(Model model) {
  return std::make_unique<Model>(std::move(model));
}

class Experiment {
 public:
  Experiment(const Dataset& dataset, const ExperimentOptions& options)
      : dataset_(dataset), options_(options), pool_(options.threads) {}

  absl::StatusOr<ExperimentResult> Run() {
    openblas_set_num_threads(1);  // The pool's threads each call it for a part.
    if (options_.stages.ranker.liked_head)
      RETURN_IF_ERROR(CheckLikedValues(dataset_, options_.stages.ranker.liked_value));
    const absl::Time start = absl::Now();
    ASSIGN_OR_RETURN(const std::vector<UserSequence> split, Split(dataset_, options_.split));
    result_.split = SummariseSplit(dataset_, split);
    LogInfo(SplitCaption(result_.split));
    RETURN_IF_ERROR(CheckTestable(result_.split));
    if (const absl::Status status = CheckRankable(result_.split);
        !status.ok() && Wanted("two_stage"))
      LogWarning(std::string(status.message()));
    const std::vector<uint32_t> unseen = ChooseUnseen(split);
    sequences_ = WithoutUsers(split, unseen);
    if (options_.refit) refitted_ = WithoutValidation(sequences_);

    std::vector<TestCase> cases =
        MakeTestCases(dataset_, split, {.unseen_users = unseen, .seed = options_.stages.seed});
    if (TrainingSize(sequences_) == 0)
      return absl::FailedPreconditionError(
          "there is nothing to train on: the training part is empty");
    result_.train_interactions = TrainingSize(sequences_);
    result_.refit_interactions = TrainingSize(refitted_);
    result_.users = dataset_.user_ids.size();
    result_.items = dataset_.items.ids.size();
    size_t training_users = 0;
    for (const UserSequence& sequence : sequences_)
      training_users += sequence.begin < sequence.train_end;
    EvaluatorOptions evaluator_options = options_.evaluator;
    evaluator_options.seed = options_.stages.seed;
    Evaluator evaluator(std::move(cases), TrainingCounts(dataset_, sequences_), training_users,
                        evaluator_options, pool_);

    RETURN_IF_ERROR(MeasureBaselines(evaluator));
    RETURN_IF_ERROR(MeasureStages(evaluator));
    evaluator.CompareLast(measured_);
    evaluator.CompareLast(measured_refitted_);
    result_.evaluation = std::move(evaluator).Take();
    result_.seconds["total"] = SecondsSince(start);
    return std::move(result_);
  }

 private:
  static double SecondsSince(absl::Time start) {
    return absl::ToDoubleSeconds(absl::Now() - start);
  }
  static size_t TrainingSize(std::span<const UserSequence> sequences) {
    size_t size = 0;
    for (const UserSequence& sequence : sequences) size += sequence.train_end - sequence.begin;
    return size;
  }
  bool Wanted(const char* model) const { return !options_.left_out.contains(model); }
  size_t items() const { return dataset_.items.ids.size(); }

  std::vector<uint32_t> ChooseUnseen(std::span<const UserSequence> split) const {
    std::vector<uint32_t> users;
    for (uint32_t user = 0; user < split.size(); ++user)
      if (split[user].valid_end < split[user].end && split[user].begin < split[user].valid_end)
        users.push_back(user);
    std::mt19937_64 random(options_.stages.seed);
    std::shuffle(users.begin(), users.end(), random);
    users.resize(static_cast<size_t>(options_.unseen_users * static_cast<double>(users.size())));
    return users;
  }

  absl::Status MeasureBaselines(Evaluator& evaluator) {
    auto matrix = [&](std::span<const UserSequence> sequences) {
      return ItemsOfUsers(dataset_, sequences);
    };
    const Setting popularity{
        "", [&](std::span<const UserSequence> sequences) {
          return AsScoringModel(PopularityModel(TrainingCounts(dataset_, sequences)));
        }};
    RETURN_IF_ERROR(MeasureBest("popularity", {&popularity, 1}, evaluator));

    std::vector<Setting> knn;
    for (uint32_t neighbours : {50, 200}) {
      for (float shrinkage : {5.0F, 50.0F}) {
        knn.push_back({absl::StrFormat("%d neighbours, shrinkage %g", neighbours, shrinkage),
                       [=, this](std::span<const UserSequence> sequences) {
                         return AsScoringModel(
                             ItemKnnModel(BuildItemSimilarity(dataset_, sequences,
                                                              {.neighbours = neighbours,
                                                               .user_exponent = 0.5F,
                                                               .from_exponent = 0.5F,
                                                               .to_exponent = 0.5F,
                                                               .shrinkage = shrinkage},
                                                              pool_)));
                       }});
      }
    }
    RETURN_IF_ERROR(MeasureBest("item_knn", knn, evaluator));

    std::vector<Setting> ease;
    for (float l2 : {30.0F, 100.0F, 300.0F})
      ease.push_back({absl::StrFormat("L2 %g", l2),
                      [=, this](std::span<const UserSequence> sequences)
                          -> absl::StatusOr<std::unique_ptr<ScoringModel>> {
                        ASSIGN_OR_RETURN(EaseModel model,
                                         EaseModel::Fit(matrix(sequences), items(), l2, pool_));
                        return AsScoringModel(std::move(model));
                      }});
    RETURN_IF_ERROR(MeasureBest("ease", ease, evaluator));

    std::vector<Setting> als;
    for (float alpha : {5.0F, 20.0F}) {
      for (float l2 : {3.0F, 10.0F, 30.0F}) {
        const ImplicitAlsOptions chosen{.alpha = alpha, .l2 = l2, .seed = options_.stages.seed};
        als.push_back({absl::StrFormat("%d dimensions, alpha %g, L2 %g", chosen.dim, alpha, l2),
                       [=, this](std::span<const UserSequence> sequences) {
                         return AsScoringModel(
                             ImplicitAlsModel::Fit(matrix(sequences), items(), chosen, pool_));
                       }});
      }
    }
    return MeasureBest("ials", als, evaluator);
  }

  // Adds a model's row: as it is fitted to the training part, or refitted.
  void Measure(const std::string& model, bool refit, const Recommend& recommend,
               Evaluator& evaluator) {
    const std::string row = refit ? RefitRow(model) : model;
    evaluator.Measure(row, recommend);
    (refit ? measured_refitted_ : measured_).push_back(row);
  }

  // Measures the setting that does best on validation.
  absl::Status MeasureBest(const char* name, std::span<const Setting> settings,
                           Evaluator& evaluator) {
    if (!Wanted(name)) return absl::OkStatus();
    const absl::Time start = absl::Now();
    auto chosen = Choose(name, settings);
    if (!chosen.ok()) {
      result_.skipped[name] = std::string(chosen.status().message());
      return absl::OkStatus();
    }
    if (settings.size() > 1) result_.chosen[name] = chosen->setting->description;
    double measuring = 0;
    auto measure = [&](const ScoringModel& model, bool refit) {
      const absl::Time measured_from = absl::Now();
      Measure(name, refit, FromScores(model, items()), evaluator);
      measuring += SecondsSince(measured_from);
    };
    measure(*chosen->model, false);
    chosen->model.reset();  // Before there is another one: it can be large.
    if (options_.refit) {
      ASSIGN_OR_RETURN(const std::unique_ptr<ScoringModel> refitted,
                       chosen->setting->fit(refitted_));
      measure(*refitted, true);
    }
    result_.seconds[name] = SecondsSince(start) - measuring;
    return absl::OkStatus();
  }

  struct Chosen {
    const Setting* setting = nullptr;
    std::unique_ptr<ScoringModel> model;  // Fitted to the training part.
  };

  // The first of those that do best on validation.
  absl::StatusOr<Chosen> Choose(const char* name, std::span<const Setting> settings) {
    Chosen best;
    if (settings.size() == 1) {
      best.setting = &settings.front();
      ASSIGN_OR_RETURN(best.model, best.setting->fit(sequences_));
      return best;
    }
    Evaluator chooser(MakeTestCases(dataset_, ValidationAsTest(sequences_),
                                    {.max_users = kValidationUsers, .seed = options_.stages.seed}),
                      TrainingCounts(dataset_, sequences_), 1,
                      {.cutoffs = {kValidationCutoff}, .resamples = 0}, pool_);
    const std::string metric = absl::StrCat("ndcg@", kValidationCutoff);
    double best_ndcg = 0;
    for (const Setting& setting : settings) {
      ASSIGN_OR_RETURN(std::unique_ptr<ScoringModel> model, setting.fit(sequences_));
      const double ndcg =
          chooser.Measure(absl::StrCat(name, ", ", setting.description, ": validation"),
                          FromScores(*model, items()))[metric];
      if (best.setting != nullptr && ndcg <= best_ndcg) continue;
      best = {&setting, std::move(model)};
      best_ndcg = ndcg;
    }
    return best;
  }

  absl::Status MeasureStages(Evaluator& evaluator) {
    if (!Wanted("retrieval_exact") && !Wanted("retrieval_index") && !Wanted("two_stage"))
      return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::unique_ptr<WorkFolder> work, WorkFolder::Create());
    ASSIGN_OR_RETURN(const std::filesystem::path folder, work->Make("validated"));
    const absl::Time start = absl::Now();
    ASSIGN_OR_RETURN(TrainedStages trained,
                     TrainRetrieval(dataset_, sequences_, options_.stages, folder, pool_));
    result_.seconds["towers"] = trained.towers_seconds;
    result_.chosen["retrieval_exact"] = Describe(trained.towers.choice);
    if (Wanted("two_stage")) {
      const absl::Status added = AddRanker(dataset_, sequences_, options_.stages, pool_, trained);
      if (!added.ok()) result_.skipped["two_stage"] = std::string(added.message());
      result_.seconds["ranker"] = trained.ranker_seconds;
    }
    std::unique_ptr<Bundle> refitted;
    if (options_.refit) {
      ASSIGN_OR_RETURN(const std::filesystem::path again, work->Make("refitted"));
      RETURN_IF_ERROR(
          RefitRetrieval(dataset_, refitted_, options_.stages, trained.towers, again, pool_));
      ASSIGN_OR_RETURN(refitted, LoadStages(again, trained));
    }
    result_.seconds["training"] = SecondsSince(start);
    auto measure = [&](const char* model, const auto& recommend_with) {
      if (!Wanted(model)) return;
      Measure(model, false, recommend_with(*trained.bundle), evaluator);
      if (refitted != nullptr) Measure(model, true, recommend_with(*refitted), evaluator);
    };
    measure("retrieval_exact", ExactRetrieval);
    measure("retrieval_index", IndexedRetrieval);
    const Bundle& bundle = refitted != nullptr ? *refitted : *trained.bundle;
    if (bundle.ranker) {
      measure("two_stage", [&](const Bundle& stages) {
        return BothStages(stages, options_.stages.ranker.candidates);
      });
      const RankerQualityOptions judged{.candidates = options_.stages.ranker.candidates,
                                        .seed = options_.stages.seed};
      result_.rankers =
          MeasureRankers(dataset_, sequences_, bundle, trained.ranker.variants, judged, pool_);
      if (bundle.liked_head)
        result_.liked_head =
            MeasureLikedHead(dataset_, sequences_, bundle, options_.stages.ranker.liked_value,
                             options_.liked_worths, judged, pool_);
      if (!options_.diversities.empty())
        result_.diversity = MeasureDiversity(
            MakeTestCases(dataset_, sequences_, {.seed = options_.stages.seed}), bundle,
            options_.stages.ranker.candidates, options_.diversities, pool_);
      if (options_.rungs)
        result_.rungs =
            MeasureRungs(MakeTestCases(dataset_, sequences_, {.seed = options_.stages.seed}),
                         bundle, options_.stages.ranker.candidates, RungTable(), pool_);
    }
    return absl::OkStatus();
  }

  const Dataset& dataset_;
  const ExperimentOptions& options_;
  WorkerPool pool_;
  std::vector<UserSequence> sequences_;  // Without users that training is not to see.
  std::vector<UserSequence> refitted_;   // Training and validation together; empty without refit.
  std::vector<std::string> measured_;    // Rows, in their order.
  std::vector<std::string> measured_refitted_;
  ExperimentResult result_;
};

}  // namespace

std::string RefitRow(const std::string& model) { return model + "_refit"; }

absl::StatusOr<ExperimentResult> RunExperiment(const Dataset& dataset,
                                               const ExperimentOptions& options) {
  return Experiment(dataset, options).Run();
}

}  // namespace shortlist
