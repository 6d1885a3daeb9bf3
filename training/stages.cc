#include "training/stages.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/status_macros.h"
#include "retrieval/two_tower.h"
#include "training/request_builder.h"

namespace shortlist {
namespace {

// Vectors of users as they were before their last interaction, for the index to be tuned with.
absl::StatusOr<std::vector<float>> UserVectors(const Dataset& dataset,
                                               std::span<const UserSequence> sequences,
                                               const std::filesystem::path& towers_file) {
  constexpr size_t kUsers = 200;
  ASSIGN_OR_RETURN(const TwoTower towers,
                   TwoTower::Open(towers_file, static_cast<uint32_t>(dataset.items.ids.size())));
  std::vector<float> vectors;
  const size_t step = std::max<size_t>(1, sequences.size() / kUsers);
  for (size_t user = 0; user < sequences.size(); user += step) {
    const UserSequence& sequence = sequences[user];
    if (sequence.train_end == sequence.begin) continue;
    const PastRequest request =
        RequestBefore(dataset, sequence, static_cast<uint32_t>(user), sequence.train_end - 1);
    const std::vector<float> vector = towers.UserVector(request.user, request.context);
    vectors.insert(vectors.end(), vector.begin(), vector.end());
  }
  return vectors;
}

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
  ASSIGN_OR_RETURN(const std::vector<float> queries,
                   UserVectors(dataset, sequences, folder / kTowersFile));
  index.queries = queries;
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
