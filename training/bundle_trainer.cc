#include "training/bundle_trainer.h"

#include <cblas.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "data/user_sequences.h"
#include "evaluation/evaluation_report.h"
#include "evaluation/recommenders.h"
#include "features/feature_spec_check.h"
#include "learning/baselines/popularity_model.h"
#include "model/bundle.h"
#include "model/feature_spec_text.h"
#include "training/training_page.h"

namespace shortlist {
namespace {

absl::Status FolderError(const std::filesystem::path& path, const std::error_code& error) {
  return absl::ErrnoToStatus(error.value(), path.string());
}

// Without times, so that the same data and options make the same bundle.
nlohmann::json ReportJson(const Dataset& dataset, const TrainingOptions& options,
                          const TrainingReport& report) {
  nlohmann::json epochs = nlohmann::json::array();
  for (const TowerEpoch& epoch : report.epochs)
    epochs.push_back(
        {{"epoch", epoch.epoch}, {"loss", epoch.loss}, {"validation_ndcg", epoch.validation_ndcg}});
  nlohmann::json json = {
      {"dataset",
       {{"name", dataset.name},
        {"users", report.users},
        {"items", report.items},
        {"interactions", report.interactions}}},
      {"towers", {{"epochs", epochs}, {"chosen", Describe(report.choice)}}},
      {"ranker",
       {{"requests", report.ranker.requests},
        {"examples", report.ranker.examples},
        {"positives", report.ranker.positives},
        {"features", report.ranker.spec.features.size()},
        {"weights", report.ranker.weights.weights.size()},
        {"l2", report.ranker.l2},
        {"log_loss", report.ranker.log_loss},
        {"base_log_loss", report.ranker.base_log_loss}}},
      {"evaluation",
       {{"users", report.evaluation.users}, {"models", MetricsJson(report.evaluation.rows)}}},
      {"rankers", RankersJson(report.rankers)},
      {"warnings", ReviewWarnings(dataset, report)},
      {"seed", options.stages.seed},
      {"trained_again_on_everything", options.refit}};
  if (const std::optional<LikedHead>& head = report.ranker.liked_head) {
    json["liked_head"] = {{"liked_value", head->liked_value},
                          {"examples", head->examples},
                          {"liked", head->liked},
                          {"l2", head->l2},
                          {"log_loss", head->log_loss},
                          {"base_log_loss", head->base_log_loss}};
    if (report.liked_head) json["liked_head"]["test"] = LikedQualityJson(*report.liked_head);
  }
  return json;
}

// A spec that does not fit the data is refused before the long work.
absl::Status CheckSpec(const FeatureSpec& spec, const Dataset& dataset,
                       const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "schemas.arr";
  ArrayFileWriter writer;
  AddAttributeSchema(writer, "item", dataset.items.schema);
  AddAttributeSchema(writer, "user", dataset.user_attributes.schema);
  AddAttributeSchema(writer, "context", dataset.context_attributes.schema);
  RETURN_IF_ERROR(writer.Write(path));
  ASSIGN_OR_RETURN(const ArrayFile file, ArrayFile::Open(path));
  ASSIGN_OR_RETURN(const AttributeSchema items, AttributeSchema::Open(file, "item"));
  ASSIGN_OR_RETURN(const AttributeSchema users, AttributeSchema::Open(file, "user"));
  ASSIGN_OR_RETURN(const AttributeSchema contexts, AttributeSchema::Open(file, "context"));
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return CheckFeatureSpec(spec, items, users, contexts);
}

Evaluation Evaluate(const Dataset& dataset, std::span<const UserSequence> sequences,
                    const Bundle& bundle, const TrainingOptions& options, WorkerPool& pool) {
  std::vector<uint32_t> counts = TrainingCounts(dataset, sequences);
  const PopularityModel popularity(counts);
  Evaluator evaluator(MakeTestCases(dataset, sequences, {.seed = options.stages.seed}),
                      std::move(counts), dataset.user_ids.size(), {.resamples = 0}, pool);
  evaluator.Measure("popularity", FromScores(popularity, dataset.items.ids.size()));
  evaluator.Measure("retrieval", StageOne(bundle, options.stages.ranker.candidates));
  evaluator.Measure("two_stage", BothStages(bundle, options.stages.ranker.candidates));
  return std::move(evaluator).Take();
}

}  // namespace

absl::StatusOr<TrainingReport> TrainBundle(const Dataset& dataset,
                                           const std::filesystem::path& folder,
                                           const TrainingOptions& options) {
  openblas_set_num_threads(1);  // The pool's threads each call it for a part.
  const absl::Time start = absl::Now();
  WorkerPool pool(options.threads);
  TrainingReport report;
  report.users = dataset.user_ids.size();
  report.items = dataset.items.ids.size();
  report.interactions = dataset.interactions.size();

  const RankerOptions& ranker = options.stages.ranker;
  if (ranker.liked_head) RETURN_IF_ERROR(CheckLikedValues(dataset, ranker.liked_value));
  if (ranker.spec) RETURN_IF_ERROR(CheckSpec(*ranker.spec, dataset, folder));
  const std::vector<UserSequence> sequences =
      SplitPerUser(dataset, options.valid_share, options.test_share);
  const std::filesystem::path holdout = folder / "holdout";
  std::error_code error;
  std::filesystem::create_directory(holdout, error);
  if (error) return FolderError(holdout, error);
  ASSIGN_OR_RETURN(TrainedStages trained,
                   TrainRetrieval(dataset, sequences, options.stages, holdout, pool));
  RETURN_IF_ERROR(AddRanker(dataset, sequences, options.stages, pool, trained));
  report.epochs = trained.towers.epochs;
  report.choice = trained.towers.choice;
  report.ranker = trained.ranker;
  report.evaluation = Evaluate(dataset, sequences, *trained.bundle, options, pool);
  const RankerQualityOptions judged{.candidates = ranker.candidates, .seed = options.stages.seed};
  report.rankers =
      MeasureRankers(dataset, sequences, *trained.bundle, report.ranker.variants, judged, pool);
  if (report.ranker.liked_head)
    report.liked_head = MeasureLikedHead(dataset, sequences, *trained.bundle, ranker.liked_value,
                                         /*liked_worths=*/{}, judged, pool);
  RETURN_IF_ERROR(WriteFileAtomically(folder / kReportPageFile,
                                      TrainingPage(dataset, report, *trained.bundle)));

  if (options.refit) {
    RETURN_IF_ERROR(RefitRetrieval(dataset, WithoutHoldout(sequences), options.stages,
                                   trained.towers, folder, pool));
  } else {
    for (const char* file : {kCatalogFile, kTowersFile, kSimilarityFile, kHistoryRegressionFile,
                             kNextRegressionFile, kIndexFile}) {
      std::filesystem::rename(holdout / file, folder / file, error);
      if (error) return FolderError(folder / file, error);
    }
  }
  std::filesystem::remove_all(holdout, error);
  if (error) return FolderError(holdout, error);
  RETURN_IF_ERROR(
      WriteFileAtomically(folder / kFeatureSpecFile, FormatFeatureSpec(report.ranker.spec)));
  RETURN_IF_ERROR(WriteLogisticWeights(report.ranker.weights, folder / kRankerFile));
  if (report.ranker.liked_head)
    RETURN_IF_ERROR(
        WriteLogisticWeights(report.ranker.liked_head->weights, folder / kLikedHeadFile));
  report.seconds = absl::ToDoubleSeconds(absl::Now() - start);
  RETURN_IF_ERROR(WriteFileAtomically(folder / kReportFile,
                                      ReportJson(dataset, options, report).dump(2) + "\n"));
  return report;
}

}  // namespace shortlist
