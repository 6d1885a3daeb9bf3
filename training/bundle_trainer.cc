#include "training/bundle_trainer.h"

#include <cblas.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "model/bundle.h"
#include "model/feature_spec_text.h"

namespace shortlist {
namespace {

absl::Status FolderError(const std::filesystem::path& path, const std::error_code& error) {
  return absl::ErrnoToStatus(error.value(), path.string());
}

// The catalog with the counts of the training part.
absl::Status WriteCatalogAt(const Dataset& dataset, std::span<const UserSequence> sequences,
                            const std::filesystem::path& folder) {
  CatalogData catalog = dataset.items;
  std::fill(catalog.interaction_counts.begin(), catalog.interaction_counts.end(), 0);
  for (const UserSequence& sequence : sequences)
    for (size_t i = sequence.begin; i < sequence.train_end; ++i)
      ++catalog.interaction_counts[dataset.interactions[i].item];
  return WriteCatalog(catalog, folder / kCatalogFile);
}

// Trains and writes all that retrieval needs.
absl::StatusOr<TwoTowerResult> TrainRetrieval(const Dataset& dataset,
                                              std::span<const UserSequence> sequences,
                                              const TwoTowerOptions& towers,
                                              const TrainingOptions& options, WorkerPool& pool,
                                              const std::filesystem::path& folder) {
  RETURN_IF_ERROR(WriteCatalogAt(dataset, sequences, folder));
  TwoTowerResult result = TrainTwoTower(dataset, sequences, towers, pool);
  RETURN_IF_ERROR(WriteTwoTower(towers.shape, result.parameters, dataset, folder / kTowersFile));
  RETURN_IF_ERROR(WriteItemSimilarity(
      BuildItemSimilarity(dataset, sequences, options.similarity, pool), folder / kSimilarityFile));
  const Matrix embeddings = ItemEmbeddings(result.parameters, dataset);
  ItemIndexOptions index = options.index;
  index.seed = options.seed;
  index.threads = options.threads;
  RETURN_IF_ERROR(BuildItemIndex({embeddings.data(), static_cast<size_t>(embeddings.size())},
                                 towers.shape.dim, index, folder / kIndexFile));
  return result;
}

// Without times, so that the same data and options make the same bundle.
nlohmann::json ReportJson(const Dataset& dataset, const TrainingOptions& options,
                          const TrainingReport& report) {
  nlohmann::json epochs = nlohmann::json::array();
  for (const TwoTowerEpoch& epoch : report.epochs)
    epochs.push_back({{"loss", epoch.loss}, {"validation_ndcg@50", epoch.validation_ndcg}});
  nlohmann::json models;
  for (const EvaluationRow& row : report.evaluation.rows)
    models[row.model] = {{"hit@10", row.hit_10},
                         {"ndcg@10", row.ndcg_10},
                         {"recall@20", row.recall_20},
                         {"recall@100", row.recall_100}};
  return {{"dataset",
           {{"name", dataset.name},
            {"users", report.users},
            {"items", report.items},
            {"interactions", report.interactions}}},
          {"towers", {{"epochs", epochs}, {"best_epoch", report.best_epoch}}},
          {"ranker",
           {{"requests", report.ranker.requests},
            {"examples", report.ranker.examples},
            {"positives", report.ranker.positives},
            {"features", report.ranker.spec.features.size()},
            {"weights", report.ranker.weights.weights.size()},
            {"l2", report.ranker.l2},
            {"log_loss", report.ranker.log_loss},
            {"base_log_loss", report.ranker.base_log_loss}}},
          {"evaluation", {{"users", report.evaluation.users}, {"models", models}}},
          {"seed", options.seed},
          {"trained_again_on_everything", options.refit}};
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

  const std::vector<UserSequence> sequences =
      SplitPerUser(dataset, options.valid_share, options.test_share);
  const std::filesystem::path holdout = folder / "holdout";
  std::error_code error;
  std::filesystem::create_directory(holdout, error);
  if (error) return FolderError(holdout, error);
  TwoTowerOptions towers = options.towers;
  towers.seed = options.seed;
  ASSIGN_OR_RETURN(TwoTowerResult trained,
                   TrainRetrieval(dataset, sequences, towers, options, pool, holdout));
  report.epochs = trained.epochs;
  report.best_epoch = trained.best_epoch;

  Bundle bundle;
  RETURN_IF_ERROR(LoadRetrieval(holdout, bundle));
  RankerOptions ranker = options.ranker;
  ranker.seed = options.seed;
  ASSIGN_OR_RETURN(report.ranker, TrainRanker(dataset, sequences, bundle, ranker, pool));
  ASSIGN_OR_RETURN(bundle.extractor,
                   FeatureExtractor::Create(report.ranker.spec, FeatureInputsOf(bundle)));
  bundle.ranker.emplace(report.ranker.weights, *bundle.extractor);
  report.evaluation = Evaluate(dataset, sequences, bundle, ranker.candidates, pool);

  if (options.refit) {
    towers.validate = false;
    towers.max_epochs = std::max<size_t>(trained.best_epoch, 1);
    const std::vector<UserSequence> everything = WithoutHoldout(sequences);
    RETURN_IF_ERROR(TrainRetrieval(dataset, everything, towers, options, pool, folder).status());
  } else {
    for (const char* file : {kCatalogFile, kTowersFile, kSimilarityFile, kIndexFile}) {
      std::filesystem::rename(holdout / file, folder / file, error);
      if (error) return FolderError(folder / file, error);
    }
  }
  std::filesystem::remove_all(holdout, error);
  if (error) return FolderError(holdout, error);
  RETURN_IF_ERROR(
      WriteFileAtomically(folder / kFeatureSpecFile, FormatFeatureSpec(report.ranker.spec)));
  RETURN_IF_ERROR(WriteLogisticWeights(report.ranker.weights, folder / kRankerFile));
  report.seconds = absl::ToDoubleSeconds(absl::Now() - start);
  RETURN_IF_ERROR(WriteFileAtomically(folder / kReportFile,
                                      ReportJson(dataset, options, report).dump(2) + "\n"));
  return report;
}

}  // namespace shortlist
