#include "model/bundle.h"

#include <algorithm>
#include <numeric>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "common/text/strings.h"
#include "model/bundle_lease.h"
#include "model/feature_spec_text.h"
#include "model/manifest.h"

namespace shortlist {
namespace {

bool IsThere(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

// Refuses what would make rows of other sizes than the bundle's.
absl::StatusOr<ContentProjection> OpenContent(const std::filesystem::path& path,
                                              const Bundle& bundle) {
  ASSIGN_OR_RETURN(ContentProjection content,
                   ContentProjection::Open(path, bundle.catalog.schema().code_count()));
  const size_t dim = bundle.towers.dim();
  const size_t history = bundle.towers.shape().kind == TowerKind::kBag ? dim : 0;
  const size_t dims[kContentTableCount] = {dim,
                                           history,
                                           bundle.history_regression.dim(),
                                           bundle.history_regression.dim(),
                                           bundle.next_regression.dim(),
                                           bundle.next_regression.dim()};
  for (size_t t = 0; t < kContentTableCount; ++t)
    if (content.dim(t) != dims[t])
      return absl::DataLossError(absl::StrCat(path.string(), ": table ", kContentTables[t].name,
                                              " has ", content.dim(t), " numbers a row, and not ",
                                              dims[t]));
  return content;
}

// Refuses vectors that are not as long as those of which the bundle knows what they say.
absl::StatusOr<ItemVectors> OpenVectors(const std::filesystem::path& path, const Bundle& bundle) {
  ASSIGN_OR_RETURN(ItemVectors vectors, ItemVectors::Open(path, bundle.catalog.item_count()));
  if (bundle.content && bundle.content->features().vector_dim() != vectors.dim())
    return absl::DataLossError(absl::StrCat(path.string(), ": has vectors of ", vectors.dim(),
                                            " numbers, and ", kContentFile, " of ",
                                            bundle.content->features().vector_dim()));
  return vectors;
}

// Everything that LoadRetrieval loads but what is made of the attributes.
absl::Status LoadAllButAttributes(const std::filesystem::path& folder, Bundle& bundle,
                                  WorkerPool& pool) {
  ASSIGN_OR_RETURN(bundle.catalog, Catalog::Open(folder / kCatalogFile, &pool));
  const uint32_t items = bundle.catalog.item_count();
  ASSIGN_OR_RETURN(const ArrayFile towers_file, ArrayFile::Open(folder / kTowersFile));
  ASSIGN_OR_RETURN(bundle.requests, RequestSchema::Open(towers_file));
  auto open_factors = [&](const char* file, ItemFactors& factors) -> absl::Status {
    if (!IsThere(folder / file)) return absl::OkStatus();
    ASSIGN_OR_RETURN(factors, ItemFactors::Open(folder / file, items));
    return absl::OkStatus();
  };
  // Each looks at every item.
  RETURN_IF_ERROR(pool.RunAll(
      {[&]() -> absl::Status {
         ASSIGN_OR_RETURN(bundle.similarity, ItemSimilarity::Open(folder / kSimilarityFile, items));
         return absl::OkStatus();
       },
       [&]() -> absl::Status {
         ASSIGN_OR_RETURN(bundle.towers, TwoTower::Open(folder / kTowersFile, items));
         return absl::OkStatus();
       },
       [&] { return open_factors(kHistoryRegressionFile, bundle.history_regression); },
       [&] { return open_factors(kNextRegressionFile, bundle.next_regression); }}));
  if (IsThere(folder / kContentFile)) {
    ASSIGN_OR_RETURN(bundle.content, OpenContent(folder / kContentFile, bundle));
  }
  if (IsThere(folder / kItemVectorsFile)) {
    ASSIGN_OR_RETURN(bundle.vectors, OpenVectors(folder / kItemVectorsFile, bundle));
  }
  if (IsThere(folder / kSegmentsFile)) {
    ASSIGN_OR_RETURN(bundle.segments,
                     SegmentPopularity::Open(folder / kSegmentsFile,
                                             bundle.requests.users().code_count(), items));
  }
  ASSIGN_OR_RETURN(
      bundle.index,
      ItemIndex::Load(folder / kIndexFile, bundle.towers.item_embeddings(), bundle.towers.dim()));
  const std::span<const uint32_t> counts = bundle.catalog.interaction_counts();
  const std::span<const uint32_t> liked = bundle.catalog.liked_counts();
  bundle.statistics = {.counts = counts,
                       .total = std::accumulate(counts.begin(), counts.end(), uint64_t{0}),
                       .liked = liked,
                       .total_liked = std::accumulate(liked.begin(), liked.end(), uint64_t{0})};
  TieRetrieval(bundle);
  return absl::OkStatus();
}

void LoadAttributes(Bundle& bundle) {
  bundle.attributes.emplace(bundle.catalog, &bundle.index->order());
}

}  // namespace

absl::Status LoadRetrieval(const std::filesystem::path& folder, Bundle& bundle, WorkerPool& pool) {
  RETURN_IF_ERROR(LoadAllButAttributes(folder, bundle, pool));
  LoadAttributes(bundle);
  return absl::OkStatus();
}

void TieRetrieval(Bundle& bundle) {
  bundle.encoder.emplace(bundle.catalog.ids(), bundle.requests);
  bundle.candidates.emplace(bundle.towers, *bundle.index,
                            SourceParts{.catalog = &bundle.catalog,
                                        .similarity = &bundle.similarity,
                                        .requests = &bundle.requests,
                                        .segments = &bundle.segments});
}

FeatureInputs FeatureInputsOf(const Bundle& bundle) {
  return {.catalog = &bundle.catalog,
          .user_schema = &bundle.requests.users(),
          .context_schema = &bundle.requests.contexts(),
          .item_embeddings = bundle.towers.item_embeddings(),
          .dim = bundle.towers.dim(),
          .user_vector =
              [&bundle](const EncodedUser& user, const EncodedContext& context) {
                return bundle.towers.UserVector(user, context);
              },
          .neighbour_items = bundle.similarity.all_items(),
          .neighbour_scores = bundle.similarity.all_scores(),
          .neighbours = bundle.similarity.width(),
          .neighbour_weights = bundle.similarity.weights(),
          .history_regression = &bundle.history_regression,
          .next_regression = &bundle.next_regression,
          .statistics = &bundle.statistics};
}

absl::StatusOr<std::shared_ptr<const Bundle>> LoadBundle(const std::filesystem::path& folder,
                                                         size_t threads) {
  ASSIGN_OR_RETURN(std::shared_ptr<const void> lease, LeaseVersion(folder));
  ASSIGN_OR_RETURN(Manifest manifest, VerifyManifest(folder, threads));
  std::vector<const char*> needed = {kCatalogFile, kTowersFile,      kSimilarityFile,
                                     kIndexFile,   kFeatureSpecFile, kRankerFile};
  // A bundle may lack them, but what is there is used and must have been verified.
  for (const char* file : {kHistoryRegressionFile, kNextRegressionFile, kContentFile,
                           kItemVectorsFile, kSegmentsFile, kLikedHeadFile})
    if (IsThere(folder / file)) needed.push_back(file);
  for (const char* file : needed) {
    if (std::none_of(manifest.files.begin(), manifest.files.end(),
                     [&](const ManifestEntry& entry) { return entry.name == file; }))
      return absl::DataLossError(
          absl::StrCat((folder / kManifestFile).string(), ": does not list ", file));
  }
  auto bundle = std::make_shared<Bundle>();
  bundle->lease = std::move(lease);
  bundle->id = manifest.bundle_id;
  bundle->version = folder.filename().string();
  WorkerPool pool(threads);
  RETURN_IF_ERROR(LoadAllButAttributes(folder, *bundle, pool));
  const std::filesystem::path spec_path = folder / kFeatureSpecFile;
  ASSIGN_OR_RETURN(std::string spec_text, ReadFile(spec_path));
  ASSIGN_OR_RETURN(FeatureSpec spec, ParseFeatureSpec(spec_text, spec_path.string()));
  ASSIGN_OR_RETURN(bundle->extractor,
                   FeatureExtractor::Create(std::move(spec), FeatureInputsOf(*bundle)));
  auto open_head = [&](const char* file, std::optional<LogisticRanker>& head) -> absl::Status {
    ASSIGN_OR_RETURN(head, LogisticRanker::Open(folder / file, *bundle->extractor));
    return absl::OkStatus();
  };
  // The heads compute what each item adds to its scores.
  RETURN_IF_ERROR(pool.RunAll({[&] { return open_head(kRankerFile, bundle->ranker); },
                               [&] {
                                 return IsThere(folder / kLikedHeadFile)
                                            ? open_head(kLikedHeadFile, bundle->liked_head)
                                            : absl::OkStatus();
                               },
                               [&] {
                                 LoadAttributes(*bundle);
                                 return absl::OkStatus();
                               }}));
  return bundle;
}

absl::StatusOr<std::string> CurrentVersion(const std::filesystem::path& models_dir) {
  const std::filesystem::path current = models_dir / kCurrentFile;
  ASSIGN_OR_RETURN(const std::string content, ReadFile(current));
  std::string version(absl::StripAsciiWhitespace(content));
  if (version.empty() || version == "." || version == ".." ||
      std::filesystem::path(version).filename() != version)
    return absl::DataLossError(
        absl::StrCat(current.string(), ": does not name a version in ", models_dir.string()));
  return version;
}

absl::StatusOr<std::shared_ptr<const Bundle>> LoadCurrentBundle(
    const std::filesystem::path& models_dir) {
  ASSIGN_OR_RETURN(const std::string version, CurrentVersion(models_dir));
  return LoadBundle(models_dir / version);
}

}  // namespace shortlist
