// A bundle: everything one model version needs to serve, in one folder with one content hash.
//
//   models/
//     CURRENT                 the name of the version to serve
//     20261121T034500Z-1f2e3d4c/
//       manifest.json         every file with size and SHA-256
//       catalog.arr  towers.arr  similarity.arr  items.index  feature_spec.txtpb  ranker.arr
//       history_regression.arr  next_regression.arr
//       content.arr           where items have attributes or vectors
//       item_vectors.arr      where items have vectors
//       segments.arr          where users have attributes
//       liked_head.arr        where it was trained
//       report.json           how it was trained and how it measured up
//       report.html           the same for a person
//
// The SHA-256 of the manifest's file list is the bundle's id. A bundle is immutable once
// published; a loaded one is thread-safe and held by shared_ptr for the length of a request.
//
//   ASSIGN_OR_RETURN(std::shared_ptr<const Bundle> bundle, LoadCurrentBundle("models"));
//   bundle->candidates->Generate(user, context, filter, 500);
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/parallel.h"
#include "features/catalog.h"
#include "features/feature_extractor.h"
#include "features/request_encoder.h"
#include "features/request_schema.h"
#include "ranking/logistic_ranker.h"
#include "retrieval/content/content_projection.h"
#include "retrieval/content/item_vectors.h"
#include "retrieval/filters/item_filter.h"
#include "retrieval/index/item_index.h"
#include "retrieval/item_similarity.h"
#include "retrieval/segment_popularity.h"
#include "retrieval/sources/candidate_generator.h"
#include "retrieval/two_tower.h"

namespace shortlist {

struct Bundle {
  Bundle() = default;
  Bundle(const Bundle&) = delete;  // Its parts refer to one another.
  Bundle& operator=(const Bundle&) = delete;

  // What parts of a bundle that has changed since training refer to (model/live_bundle.h).
  std::shared_ptr<const void> shared;

  std::shared_ptr<const void> lease;  // Of the version's folder (model/bundle_lease.h).

  std::string id;       // 64 hexadecimal digits.
  std::string version;  // The folder's name.

  Catalog catalog;
  RequestSchema requests;
  std::optional<RequestEncoder> encoder;
  TwoTower towers;
  ItemSimilarity similarity;
  SegmentPopularity segments;  // Where users have attributes.
  ItemFactors history_regression;
  ItemFactors next_regression;
  // Where items have content to guess from.
  std::optional<ContentProjection> content;
  ItemVectors vectors;  // Those that items brought along; of no item where the data set has none.
  std::unique_ptr<ItemIndex> index;
  std::optional<AttributeIndex> attributes;
  std::optional<CandidateGenerator> candidates;
  ItemStatistics statistics;
  std::optional<FeatureExtractor> extractor;
  std::optional<LogisticRanker> ranker;
  // The second head: how likely an interaction with the candidate is to be a liked one. Only where
  // it was trained.
  std::optional<LogisticRanker> liked_head;
};

// A bundle that is sure to outlive whoever gets this.
inline std::shared_ptr<const Bundle> Borrow(const Bundle& bundle) {
  return {std::shared_ptr<const void>(), &bundle};
}

// Names of the files of a bundle.
inline constexpr char kCatalogFile[] = "catalog.arr";
inline constexpr char kTowersFile[] = "towers.arr";
inline constexpr char kSimilarityFile[] = "similarity.arr";
// Not in bundles that were made before there were regressions.
inline constexpr char kHistoryRegressionFile[] = "history_regression.arr";
inline constexpr char kNextRegressionFile[] = "next_regression.arr";
// Only where items have attributes or vectors.
inline constexpr char kContentFile[] = "content.arr";
// Only where items have vectors, and not in bundles that were made before these were kept.
inline constexpr char kItemVectorsFile[] = "item_vectors.arr";
// Only where users have attributes.
inline constexpr char kSegmentsFile[] = "segments.arr";
inline constexpr char kIndexFile[] = "items.index";
inline constexpr char kFeatureSpecFile[] = "feature_spec.txtpb";
inline constexpr char kRankerFile[] = "ranker.arr";
// Only where the head was trained.
inline constexpr char kLikedHeadFile[] = "liked_head.arr";
inline constexpr char kReportFile[] = "report.json";
inline constexpr char kReportPageFile[] = "report.html";
// Beside the bundles: the name of the version to serve.
inline constexpr char kCurrentFile[] = "CURRENT";

// Verifies every file against the manifest, then loads. A missing, truncated, altered or foreign
// file is an error that names the file and the reason. By so many threads; 0: one per core.
absl::StatusOr<std::shared_ptr<const Bundle>> LoadBundle(const std::filesystem::path& folder,
                                                         size_t threads = 0);

// The part of loading that retrieval needs: everything but extractor and ranker, unverified.
// Training uses it on a folder that is not a bundle yet.
absl::Status LoadRetrieval(const std::filesystem::path& folder, Bundle& bundle, WorkerPool& pool);

// The parts that tie what a bundle was loaded with: encoder and candidate generator.
void TieRetrieval(Bundle& bundle);

// What features are computed from, for a bundle whose retrieval part is loaded.
FeatureInputs FeatureInputsOf(const Bundle& bundle);

// The version that models/CURRENT names, which may not be there. DATA_LOSS: it names none.
absl::StatusOr<std::string> CurrentVersion(const std::filesystem::path& models_dir);

// The bundle of that version.
absl::StatusOr<std::shared_ptr<const Bundle>> LoadCurrentBundle(
    const std::filesystem::path& models_dir);

}  // namespace shortlist
