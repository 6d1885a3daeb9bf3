#include "training/bundle_trainer.h"

#include <cblas.h>
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/files.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "data/split_summary.h"
#include "data/user_sequences.h"
#include "evaluation/evaluation_report.h"
#include "evaluation/recommenders.h"
#include "features/feature_spec_check.h"
#include "learning/baselines/popularity_model.h"
#include "model/bundle.h"
#include "model/feature_spec_text.h"
#include "training/report_json.h"
#include "training/training_page.h"

namespace shortlist {
namespace {

absl::Status FolderError(const std::filesystem::path& path, const std::error_code& error) {
  return absl::ErrnoToStatus(error.value(), path.string());
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
  report.data = MakeDataReport(dataset);
  for (const std::string& line : Highlights(report.data))
    LogInfo(absl::StrCat(dataset.name, ": ", line));

  const RankerOptions& ranker = options.stages.ranker;
  if (ranker.liked_head) RETURN_IF_ERROR(CheckLikedValues(dataset, ranker.liked_value));
  if (ranker.spec) RETURN_IF_ERROR(CheckSpec(*ranker.spec, dataset, folder));
  const std::vector<UserSequence> sequences =
      SplitPerUser(dataset, options.valid_share, options.test_share);
  const SplitSummary summary = SummariseSplit(dataset, sequences);
  LogInfo(SplitCaption(summary));
  RETURN_IF_ERROR(CheckTestable(summary));
  RETURN_IF_ERROR(CheckRankable(summary));
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
    for (const char* file :
         {kCatalogFile, kTowersFile, kSimilarityFile, kHistoryRegressionFile, kNextRegressionFile,
          kContentFile, kItemVectorsFile, kSegmentsFile, kIndexFile}) {
      if (!std::filesystem::exists(holdout / file, error)) continue;
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
  RETURN_IF_ERROR(
      WriteFileAtomically(folder / kReportFile, TrainingReportJson(dataset, options, report)));
  return report;
}

}  // namespace shortlist
