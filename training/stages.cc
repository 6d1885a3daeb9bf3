#include "training/stages.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/parallel.h"
#include "common/status_macros.h"
#include "data/past_request.h"
#include "features/item_factors.h"
#include "learning/items/segment_popularity_builder.h"
#include "retrieval/content/item_vectors.h"
#include "retrieval/index/item_index_builder.h"

namespace shortlist {
namespace {

// Vectors of users, spread over all of them, after the training part: what the index is asked.
absl::StatusOr<std::vector<float>> UserVectors(const Dataset& dataset,
                                               std::span<const UserSequence> sequences,
                                               const std::filesystem::path& towers_file,
                                               WorkerPool& pool) {
  constexpr size_t kUsers = 1'000;
  ASSIGN_OR_RETURN(const TwoTower towers,
                   TwoTower::Open(towers_file, static_cast<uint32_t>(dataset.items.ids.size())));
  const size_t count = std::min(kUsers, sequences.size());
  const PastRequests past(dataset);
  std::vector<float> vectors(count * towers.dim());
  pool.ForEach(count, [&](size_t i) {
    const auto user = static_cast<uint32_t>(i * sequences.size() / count);
    const PastRequest request = past.Before(sequences[user], user, sequences[user].train_end);
    const std::vector<float> vector = towers.UserVector(request.user, request.context);
    std::copy(vector.begin(), vector.end(),
              vectors.begin() + static_cast<ptrdiff_t>(i * towers.dim()));
  });
  return vectors;
}

// What the content of new items is to tell: the tables of the bundle in `folder`.
absl::Status WriteContent(const CatalogData& catalog, const TrainedTowers& towers,
                          const StagesOptions& options, const std::filesystem::path& folder,
                          WorkerPool& pool) {
  const auto items = static_cast<uint32_t>(catalog.ids.size());
  auto read_matrix = [](const Matrix& matrix) {
    return ContentTarget{static_cast<size_t>(matrix.cols()),
                         [&matrix](ItemRow item, std::span<float> row) {
                           std::copy_n(matrix.row(item).data(), row.size(), row.data());
                         }};
  };
  ASSIGN_OR_RETURN(const ItemFactors history,
                   ItemFactors::Open(folder / kHistoryRegressionFile, items));
  ASSIGN_OR_RETURN(const ItemFactors next, ItemFactors::Open(folder / kNextRegressionFile, items));
  auto read_factors = [](const ItemFactors& factors,
                         std::span<const int8_t> (ItemFactors::*encoded)(ItemRow) const) {
    return ContentTarget{factors.dim(), [&factors, encoded](ItemRow item, std::span<float> row) {
                           std::fill(row.begin(), row.end(), 0.0F);
                           AddFactors((factors.*encoded)(item), 1, row);
                         }};
  };
  ContentProjectionOptions content = options.content;
  content.seed = options.seed;
  const std::optional<ContentProjectionData> fitted = FitContentProjection(
      catalog,
      {read_matrix(towers.item_embeddings), read_matrix(towers.history),
       read_factors(history, &ItemFactors::from), read_factors(history, &ItemFactors::to),
       read_factors(next, &ItemFactors::from), read_factors(next, &ItemFactors::to)},
      content, pool);
  if (!fitted) return absl::OkStatus();
  return WriteContentProjection(*fitted, folder / kContentFile);
}

// Writes all that retrieval needs.
absl::Status WriteRetrieval(const Dataset& dataset, std::span<const UserSequence> sequences,
                            const TrainedTowers& towers, const StagesOptions& options,
                            const std::filesystem::path& folder, WorkerPool& pool) {
  CatalogData catalog = dataset.items;
  catalog.interaction_counts = TrainingCounts(dataset, sequences);
  catalog.liked_counts = TrainingCounts(dataset, sequences, options.ranker.liked_value);
  RETURN_IF_ERROR(WriteCatalog(catalog, folder / kCatalogFile));
  RETURN_IF_ERROR(WriteTwoTower(towers, dataset, folder / kTowersFile));
  // The kind of towers that validation chose says whether the order of histories does.
  const ItemSimilarityOptions& similarity = towers.shape.kind == TowerKind::kSequence
                                                ? options.sequence_similarity
                                                : options.set_similarity;
  RETURN_IF_ERROR(WriteItemSimilarity(BuildItemSimilarity(dataset, sequences, similarity, pool),
                                      folder / kSimilarityFile));
  RETURN_IF_ERROR(WriteItemFactors(
      FitItemRegression(dataset, sequences, options.history_regression, options.seed, pool),
      folder / kHistoryRegressionFile));
  RETURN_IF_ERROR(WriteItemFactors(
      FitItemRegression(dataset, sequences, options.next_regression, options.seed, pool),
      folder / kNextRegressionFile));
  if (!dataset.user_attributes.schema.empty())
    RETURN_IF_ERROR(
        WriteSegmentPopularity(BuildSegmentPopularity(dataset, sequences), folder / kSegmentsFile));
  RETURN_IF_ERROR(WriteContent(catalog, towers, options, folder, pool));
  if (catalog.vector_dim > 0)
    RETURN_IF_ERROR(
        WriteItemVectors(catalog.vectors, catalog.vector_dim, folder / kItemVectorsFile));
  const Matrix& embeddings = towers.item_embeddings;
  ASSIGN_OR_RETURN(const std::vector<float> queries,
                   UserVectors(dataset, sequences, folder / kTowersFile, pool));
  return BuildItemIndex(
      {embeddings.data(), static_cast<size_t>(embeddings.size())}, towers.shape.dim,
      {.queries = queries, .seed = options.seed, .threads = pool.threads()}, folder / kIndexFile);
}

absl::Status AttachRanker(const RankerTrainingResult& ranker, Bundle& bundle) {
  ASSIGN_OR_RETURN(bundle.extractor,
                   FeatureExtractor::Create(ranker.spec, FeatureInputsOf(bundle)));
  bundle.ranker.emplace(ranker.weights, *bundle.extractor);
  if (ranker.liked_head) bundle.liked_head.emplace(ranker.liked_head->weights, *bundle.extractor);
  return absl::OkStatus();
}

double SecondsSince(absl::Time start) { return absl::ToDoubleSeconds(absl::Now() - start); }

}  // namespace

absl::StatusOr<TrainedStages> TrainRetrieval(const Dataset& dataset,
                                             std::span<const UserSequence> sequences,
                                             const StagesOptions& options,
                                             const std::filesystem::path& folder,
                                             WorkerPool& pool) {
  TrainedStages stages;
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(stages.towers,
                   ChooseTowers(dataset, sequences, options.towers, options.seed, pool));
  stages.towers_seconds = SecondsSince(start);
  RETURN_IF_ERROR(WriteRetrieval(dataset, sequences, stages.towers.towers, options, folder, pool));
  stages.bundle = std::make_unique<Bundle>();
  RETURN_IF_ERROR(LoadRetrieval(folder, *stages.bundle, pool));
  return stages;
}

absl::Status AddRanker(const Dataset& dataset, std::span<const UserSequence> sequences,
                       const StagesOptions& options, WorkerPool& pool, TrainedStages& stages) {
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(stages.ranker, TrainRanker(dataset, sequences, *stages.bundle, options.ranker,
                                              options.seed, pool));
  stages.ranker_seconds = SecondsSince(start);
  return AttachRanker(stages.ranker, *stages.bundle);
}

absl::Status RefitRetrieval(const Dataset& dataset, std::span<const UserSequence> sequences,
                            const StagesOptions& options, const ChosenTowers& chosen,
                            const std::filesystem::path& folder, WorkerPool& pool) {
  ASSIGN_OR_RETURN(const TrainedTowers towers, RefitTowers(dataset, sequences, chosen, pool));
  return WriteRetrieval(dataset, sequences, towers, options, folder, pool);
}

absl::StatusOr<std::unique_ptr<Bundle>> LoadStages(const std::filesystem::path& folder,
                                                   const TrainedStages& trained) {
  auto bundle = std::make_unique<Bundle>();
  WorkerPool pool;
  RETURN_IF_ERROR(LoadRetrieval(folder, *bundle, pool));
  if (trained.bundle->ranker) RETURN_IF_ERROR(AttachRanker(trained.ranker, *bundle));
  return bundle;
}

}  // namespace shortlist
