#include "training/stages.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/status_macros.h"

namespace shortlist {
namespace {

// Writes all that retrieval needs.
absl::Status WriteRetrieval(const Dataset& dataset, std::span<const UserSequence> sequences,
                            const TwoTowerResult& towers, const StagesOptions& options,
                            const std::filesystem::path& folder, WorkerPool& pool) {
  CatalogData catalog = dataset.items;
  catalog.interaction_counts = TrainingCounts(dataset, sequences);
  RETURN_IF_ERROR(WriteCatalog(catalog, folder / kCatalogFile));
  RETURN_IF_ERROR(WriteTwoTower(towers.shape, towers.parameters, dataset, folder / kTowersFile));
  RETURN_IF_ERROR(WriteItemSimilarity(
      BuildItemSimilarity(dataset, sequences, options.similarity, pool), folder / kSimilarityFile));
  const Matrix embeddings = ItemEmbeddings(towers.parameters, dataset);
  ItemIndexOptions index = options.index;
  index.seed = options.seed;
  if (index.threads == 0) index.threads = pool.threads();
  return BuildItemIndex({embeddings.data(), static_cast<size_t>(embeddings.size())},
                        towers.shape.dim, index, folder / kIndexFile);
}

absl::Status AttachRanker(const RankerTrainingResult& ranker, Bundle& bundle) {
  ASSIGN_OR_RETURN(bundle.extractor,
                   FeatureExtractor::Create(ranker.spec, FeatureInputsOf(bundle)));
  bundle.ranker.emplace(ranker.weights, *bundle.extractor);
  return absl::OkStatus();
}

double SecondsSince(absl::Time start) { return absl::ToDoubleSeconds(absl::Now() - start); }

}  // namespace

absl::StatusOr<TrainedStages> TrainStages(const Dataset& dataset,
                                          std::span<const UserSequence> sequences,
                                          const StagesOptions& options,
                                          const std::filesystem::path& folder, WorkerPool& pool) {
  TrainedStages stages;
  TwoTowerOptions towers = options.towers;
  towers.seed = options.seed;
  absl::Time start = absl::Now();
  stages.towers = TrainTwoTower(dataset, sequences, towers, pool);
  stages.towers_seconds = SecondsSince(start);
  RETURN_IF_ERROR(WriteRetrieval(dataset, sequences, stages.towers, options, folder, pool));
  stages.bundle = std::make_unique<Bundle>();
  RETURN_IF_ERROR(LoadRetrieval(folder, *stages.bundle));

  RankerOptions ranker = options.ranker;
  ranker.seed = options.seed;
  start = absl::Now();
  auto trained = TrainRanker(dataset, sequences, *stages.bundle, ranker, pool);
  stages.ranker_seconds = SecondsSince(start);
  stages.ranker_status = trained.status();
  if (!trained.ok()) return stages;
  stages.ranker = *std::move(trained);
  RETURN_IF_ERROR(AttachRanker(stages.ranker, *stages.bundle));
  return stages;
}

absl::Status RefitRetrieval(const Dataset& dataset, std::span<const UserSequence> sequences,
                            const StagesOptions& options, const TwoTowerResult& learned,
                            const std::filesystem::path& folder, WorkerPool& pool) {
  TwoTowerOptions towers = options.towers;
  towers.seed = options.seed;
  towers.validate = false;
  towers.max_epochs = std::max<size_t>(learned.best_epoch, 1);
  return WriteRetrieval(dataset, sequences, TrainTwoTower(dataset, sequences, towers, pool),
                        options, folder, pool);
}

absl::StatusOr<std::unique_ptr<Bundle>> LoadStages(const std::filesystem::path& folder,
                                                   const TrainedStages& trained) {
  auto bundle = std::make_unique<Bundle>();
  RETURN_IF_ERROR(LoadRetrieval(folder, *bundle));
  if (trained.ranker_status.ok()) RETURN_IF_ERROR(AttachRanker(trained.ranker, *bundle));
  return bundle;
}

}  // namespace shortlist
