#include "model/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <span>
#include <vector>

#include "common/files.h"
#include "model/bundle_publisher.h"
#include "model/manifest.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bundle.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

namespace fs = std::filesystem;

// Every test works on a copy of one published bundle.
class BundleTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    original_ = new TemporaryFolder;
    PublishTestBundle(MakeSyntheticDataset(), original_->path(), Options());
  }
  static void TearDownTestSuite() { delete original_; }
  static TrainingOptions Options() {
    TrainingOptions options = QuickTrainingOptions();
    options.stages.ranker.liked_head = true;
    return options;
  }

  void SetUp() override {
    fs::copy(original_->path(), models_.path(), fs::copy_options::recursive);
    version_ = ReadFile(models_.path() / kCurrentFile).value();
    version_.pop_back();
    bundle_ = models_.path() / version_;
  }

  void ExpectRefused(const fs::path& file, const std::string& reason) const {
    const auto bundle = LoadCurrentBundle(models_.path());
    ASSERT_FALSE(bundle.ok());
    EXPECT_THAT(std::string(bundle.status().message()),
                testing::AllOf(testing::HasSubstr(file.string()), testing::HasSubstr(reason)));
  }

  static TemporaryFolder* original_;
  const TemporaryFolder models_;
  std::string version_;
  fs::path bundle_;
};
TemporaryFolder* BundleTest::original_ = nullptr;

const char* const kFiles[] = {
    kCatalogFile,        kTowersFile,      kSimilarityFile, kIndexFile,  kHistoryRegressionFile,
    kNextRegressionFile, kFeatureSpecFile, kRankerFile,     kReportFile, kReportPageFile,
    kLikedHeadFile,      kContentFile,     kSegmentsFile};

TEST_F(BundleTest, PublishedBundleIsListedWhole) {
  const auto bundle = LoadCurrentBundle(models_.path());
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ((*bundle)->version, version_);
  const auto manifest = VerifyManifest(bundle_);
  ASSERT_TRUE(manifest.ok());
  std::vector<std::string> names;
  for (const ManifestEntry& file : manifest->files) names.push_back(file.name);
  EXPECT_THAT(names, testing::UnorderedElementsAreArray(kFiles));
}

TEST_F(BundleTest, AMissingFileIsNamed) {
  for (const char* file : kFiles) {
    SCOPED_TRACE(file);
    fs::rename(bundle_ / file, models_.path() / "away");
    ExpectRefused(bundle_ / file, "missing");
    fs::rename(models_.path() / "away", bundle_ / file);
  }
}

TEST_F(BundleTest, ATruncatedFileIsNamed) {
  for (const char* file : kFiles) {
    SCOPED_TRACE(file);
    const std::string content = ReadFile(bundle_ / file).value();
    fs::resize_file(bundle_ / file, content.size() - 1);
    ExpectRefused(bundle_ / file, "bytes instead of");
    std::ofstream(bundle_ / file, std::ios::binary) << content;
  }
}

TEST_F(BundleTest, AFlippedBitIsNoticedWhereverItIs) {
  for (const char* file : kFiles) {
    const std::string content = ReadFile(bundle_ / file).value();
    for (const size_t position : {size_t{0}, content.size() / 2, content.size() - 1}) {
      SCOPED_TRACE(testing::Message() << file << " at " << position);
      std::string flipped = content;
      flipped[position] = static_cast<char>(flipped[position] ^ 1);
      std::ofstream(bundle_ / file, std::ios::binary) << flipped;
      ExpectRefused(bundle_ / file, "SHA-256");
    }
    std::ofstream(bundle_ / file, std::ios::binary) << content;
  }
}

TEST_F(BundleTest, AFileOfAnotherBundleIsNoticed) {
  const TemporaryFolder other;
  const PublishedBundle published =
      PublishTestBundle(MakeSyntheticDataset({.seed = 99}), other.path());
  fs::copy_file(published.folder / kRankerFile, bundle_ / kRankerFile,
                fs::copy_options::overwrite_existing);
  ExpectRefused(bundle_ / kRankerFile, "");
}

TEST_F(BundleTest, AManifestThatWasTamperedWithIsNoticed) {
  std::string manifest = ReadFile(bundle_ / kManifestFile).value();
  const size_t digit = manifest.find("\"bytes\": ") + 9;
  manifest[digit] = manifest[digit] == '1' ? '2' : '1';
  std::ofstream(bundle_ / kManifestFile, std::ios::binary) << manifest;
  ExpectRefused(bundle_ / kManifestFile, "bundle id");
  std::ofstream(bundle_ / kManifestFile, std::ios::binary) << "{";
  ExpectRefused(bundle_ / kManifestFile, "not a manifest");
}

TEST_F(BundleTest, OfTheReleaseBeforeIsStillRead) {
  const Manifest before = WriteManifest(bundle_, kManifestFormatBefore).value();
  const auto bundle = LoadCurrentBundle(models_.path());
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ((*bundle)->id, before.bundle_id);
}

TEST_F(BundleTest, HasAHeadForLikedItemsOnlyWhereItWasTrained) {
  EXPECT_TRUE((*LoadCurrentBundle(models_.path()))->liked_head);
  fs::remove(bundle_ / kLikedHeadFile);
  ASSERT_TRUE(WriteManifest(bundle_).ok());
  const auto without = LoadCurrentBundle(models_.path());
  ASSERT_TRUE(without.ok()) << without.status();
  EXPECT_FALSE((*without)->liked_head);
}

TEST_F(BundleTest, GuessesTheRowsOfNewItemsInTheSizesOfItsTables) {
  const auto bundle = LoadCurrentBundle(models_.path()).value();
  ASSERT_TRUE(bundle->content);
  const std::optional<ProjectedItem> item =
      bundle->content->Project({.codes = bundle->catalog.codes(3)});
  ASSERT_TRUE(item);
  EXPECT_EQ(item->embedding.size(), bundle->towers.dim());
  EXPECT_EQ(item->history.size(),
            bundle->towers.shape().kind == TowerKind::kBag ? bundle->towers.dim() : 0);
  EXPECT_EQ(item->history_from.size(), bundle->history_regression.dim());
  EXPECT_EQ(item->next_to.size(), bundle->next_regression.dim());
}

TEST_F(BundleTest, ContentOfTablesOfOtherSizesIsRefused) {
  ContentProjectionData data;
  const auto bundle = LoadCurrentBundle(models_.path()).value();
  data.features.field_begin = {0};
  data.features.code_rows.assign(bundle->catalog.schema().code_count(), kNoContentRow);
  data.tables[0] = {.dim = 7, .rows = std::vector<int8_t>(FactorRowSize(7))};
  ASSERT_TRUE(WriteContentProjection(data, bundle_ / kContentFile).ok());
  ASSERT_TRUE(WriteManifest(bundle_).ok());
  ExpectRefused(bundle_ / kContentFile, "table embedding has 7 numbers a row");
}

TEST_F(BundleTest, KeepsTheVectorsThatItemsBroughtAlong) {
  const TestModels& models = VectorTestModels();
  const CatalogData& items = models.dataset().items;
  const Bundle& bundle = *models.bundle();
  EXPECT_EQ(bundle.vectors.dim(), 6u);
  EXPECT_EQ(bundle.content->features().vector_dim(), 6u);
  for (ItemRow row = 0; row < bundle.catalog.item_count(); ++row) {
    const auto given = std::span(items.vectors).subspan(row * 6, 6);
    EXPECT_EQ(bundle.vectors.Has(row), bundle.catalog.id(row) != "i119");
    if (bundle.vectors.Has(row)) {
      EXPECT_TRUE(std::ranges::equal(bundle.vectors.vector(row), given));
    }
  }
  EXPECT_EQ(LoadCurrentBundle(models_.path()).value()->vectors.dim(), 0u);
}

TEST_F(BundleTest, VectorsOfOtherLengthsThanItsContentKnowsAreRefused) {
  const auto items = (*LoadCurrentBundle(models_.path()))->catalog.item_count();
  ASSERT_TRUE(
      WriteItemVectors(std::vector<float>(items * 3, 1), 3, bundle_ / kItemVectorsFile).ok());
  ExpectRefused(bundle_ / kManifestFile, "does not list item_vectors.arr");
  ASSERT_TRUE(WriteManifest(bundle_).ok());
  ExpectRefused(bundle_ / kItemVectorsFile, "has vectors of 3 numbers, and content.arr of 0");
}

TEST_F(BundleTest, AHeadForLikedItemsOfAnotherSpecOrWithoutFiniteWeightsIsRefused) {
  LogisticWeights weights = (*LoadCurrentBundle(models_.path()))->liked_head->weights();
  weights.spec_fingerprint ^= 1;
  ASSERT_TRUE(WriteLogisticWeights(weights, bundle_ / kLikedHeadFile).ok());
  ASSERT_TRUE(WriteManifest(bundle_).ok());
  ExpectRefused(bundle_ / kLikedHeadFile, "another feature spec");
  weights.spec_fingerprint ^= 1;
  weights.weights[2] = NAN;
  ASSERT_TRUE(WriteLogisticWeights(weights, bundle_ / kLikedHeadFile).ok());
  ASSERT_TRUE(WriteManifest(bundle_).ok());
  ExpectRefused(bundle_ / kLikedHeadFile, "not finite");
}

TEST_F(BundleTest, CurrentMustNameAVersionInTheModelsFolder) {
  for (const char* name : {"../elsewhere", "..", ""}) {
    std::ofstream(models_.path() / kCurrentFile) << name << "\n";
    ExpectRefused(models_.path() / kCurrentFile, "does not name a version");
  }
  std::ofstream(models_.path() / kCurrentFile) << "20000101T000000Z-00000000\n";
  ExpectRefused(models_.path() / "20000101T000000Z-00000000" / kManifestFile, "cannot open");
  fs::remove(models_.path() / kCurrentFile);
  ExpectRefused(models_.path() / kCurrentFile, "cannot open");
}

TEST_F(BundleTest, AnAbandonedPublicationLeavesNothingBehind) {
  const std::string current = ReadFile(models_.path() / kCurrentFile).value();
  fs::path staging;
  {
    auto publisher = BundlePublisher::Begin(models_.path());
    ASSERT_TRUE(publisher.ok()) << publisher.status();
    staging = publisher->staging();
    std::ofstream(staging / kCatalogFile) << "half of it";
  }
  EXPECT_FALSE(fs::exists(staging));
  EXPECT_EQ(ReadFile(models_.path() / kCurrentFile).value(), current);
}

TEST_F(BundleTest, AManifestThatLeavesOutANeededFileIsRefused) {
  for (const char* file : kFiles) {
    // Serving does without the reports.
    if (std::string_view(file) == kReportFile || std::string_view(file) == kReportPageFile)
      continue;
    SCOPED_TRACE(file);
    fs::rename(bundle_ / file, models_.path() / "away");
    ASSERT_TRUE(WriteManifest(bundle_).ok());  // Consistent, but not a bundle.
    fs::rename(models_.path() / "away", bundle_ / file);
    ExpectRefused(bundle_ / kManifestFile, file);
  }
}

TEST_F(BundleTest, ContentAloneDecidesTheId) {
  const TemporaryFolder again;
  TrainingOptions options = Options();
  const auto same = PublishTestBundle(MakeSyntheticDataset(), again.path(), options);
  const auto bundle = LoadCurrentBundle(models_.path());
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ(same.id, (*bundle)->id);
  options.stages.seed = 2;
  const auto other = PublishTestBundle(MakeSyntheticDataset(), again.path(), options);
  EXPECT_NE(other.id, same.id);
}

}  // namespace
}  // namespace shortlist
