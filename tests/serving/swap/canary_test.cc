#include "serving/swap/canary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/bits.h"
#include "model/manifest.h"
#include "retrieval/index/item_index_builder.h"
#include "tests/support/damage/patched_array.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bundle.h"
#include "tests/support/test_models.h"

namespace shortlist {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class CanaryTest : public testing::Test {
 protected:
  // The shared bundle after a change of its files.
  std::shared_ptr<const Bundle> Changed(
      const std::function<void(const std::filesystem::path& folder)>& change) {
    const std::filesystem::path folder = folder_ / std::to_string(++changed_);
    std::filesystem::copy(SharedTestModels().folder() / First()->version, folder);
    change(folder);
    EXPECT_TRUE(WriteManifest(folder).ok());
    absl::StatusOr<std::shared_ptr<const Bundle>> bundle = LoadBundle(folder);
    EXPECT_TRUE(bundle.ok()) << bundle.status();
    return *std::move(bundle);
  }
  std::shared_ptr<const Bundle> WithRanker(
      const std::function<void(std::span<float> weights, float& bias)>& change) {
    return Changed([&](const std::filesystem::path& folder) {
      const LogisticWeights& before = First()->ranker->weights();
      std::vector<float> weights = before.weights;
      float bias = before.bias;
      change(weights, bias);
      PatchArray<float>(folder / kRankerFile, "bias", [&](std::span<float> to) { to[0] = bias; });
      PatchArray<float>(folder / kRankerFile, "weights",
                        [&](std::span<float> to) { std::ranges::copy(weights, to.begin()); });
    });
  }

  absl::StatusOr<std::string> Check(const std::shared_ptr<const Bundle>& next) const {
    return Canary(recorded_, settings_, scope_, clock_).Check(First(), next);
  }
  std::string Found(const std::shared_ptr<const Bundle>& next) const {
    const absl::StatusOr<std::string> found = Check(next);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.value_or("");
  }
  std::string WhyNot(const std::shared_ptr<const Bundle>& next) const {
    const absl::StatusOr<std::string> found = Check(next);
    EXPECT_EQ(found.status().code(), absl::StatusCode::kFailedPrecondition)
        << found.value_or("passed");
    return std::string(found.status().message());
  }

  static const std::shared_ptr<const Bundle>& First() { return SharedTestModels().bundle(); }
  static const std::shared_ptr<const Bundle>& Second() { return OtherTestModels().bundle(); }

  const TemporaryFolder folder_;
  int changed_ = 0;
  RecordedQueries recorded_{100, 1};
  CanarySettings settings_;
  Canary::Scope scope_;
  mutable absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  // Every look at the clock takes as long.
  Clock clock_ = [this] { return now_ += absl::Milliseconds(1); };
};

TEST_F(CanaryTest, AModelTrainedAnewPasses) {
  EXPECT_THAT(Found(Second()),
              AllOf(HasSubstr("32 requests, 0 of them recorded"), HasSubstr("recall"),
                    HasSubstr("of pairs in the same order"), HasSubstr("of the nearest as now"),
                    HasSubstr("mean probability"), HasSubstr("median")));
  EXPECT_THAT(Found(First()), HasSubstr("100.0% of pairs in the same order"));
}

TEST_F(CanaryTest, RequestsThatWereRecordedAreTried) {
  Query query;
  query.user.user_id = "u5";
  for (int i = 0; i < 40; ++i) recorded_.Offer(query);
  settings_.requests = 35;
  EXPECT_THAT(Found(Second()), HasSubstr("35 requests, 35 of them recorded"));
}

TEST_F(CanaryTest, ARankerThatSaysTheSameOfAllIsRefused) {
  const auto next =
      WithRanker([](std::span<float> weights, float&) { std::ranges::fill(weights, 0.0F); });
  EXPECT_THAT(WhyNot(next), HasSubstr("all items have the same score"));
}

TEST_F(CanaryTest, ARankerWhoseOrderIsTheOtherWayRoundIsRefused) {
  const auto next = WithRanker([](std::span<float> weights, float&) {
    for (float& weight : weights) weight = -weight;
  });
  EXPECT_THAT(WhyNot(next), HasSubstr("min_agreement"));
  settings_.min_agreement = 0;
  settings_.max_probability_ratio = 1e9;
  EXPECT_TRUE(Check(next).ok());
}

TEST_F(CanaryTest, ProbabilitiesOfAnotherMagnitudeAreRefused) {
  for (const float more : {-12.0F, 12.0F}) {
    const auto next = WithRanker([more](std::span<float>, float& bias) { bias += more; });
    EXPECT_THAT(WhyNot(next), HasSubstr("max_probability_ratio 10"));
  }
}

TEST_F(CanaryTest, ItemsWithTheVectorsOfOthersAreRefused) {
  const auto next = Changed([](const std::filesystem::path& folder) {
    const size_t dim = First()->towers.dim();
    PatchArray<float>(folder / kTowersFile, "item_embeddings", [&](std::span<float> rows) {
      // Not a rotation: what items go together is the same for all of the data set's genres.
      std::mt19937 random(1);
      for (size_t row = rows.size() / dim - 1; row > 0; --row)
        std::swap_ranges(rows.begin() + static_cast<ptrdiff_t>(row * dim),
                         rows.begin() + static_cast<ptrdiff_t>((row + 1) * dim),
                         rows.begin() + static_cast<ptrdiff_t>(random() % row * dim));
      ASSERT_TRUE(BuildItemIndex(rows, dim, {}, folder / kIndexFile).ok());
    });
  });
  settings_.min_overlap = 0.2;  // In a catalog of 120 items chance has its say.
  EXPECT_TRUE(Check(Second()).ok());
  EXPECT_THAT(WhyNot(next), HasSubstr("min_overlap"));
  settings_.min_overlap = -1;
  EXPECT_TRUE(Check(next).ok());
}

TEST_F(CanaryTest, AnIndexThatMissesTheNearestIsRefused) {
  const auto next = std::const_pointer_cast<Bundle>(Changed([](const std::filesystem::path&) {}));
  const auto missing = std::make_shared<Bits>(next->catalog.item_count());
  for (ItemRow row = 0; row < next->catalog.item_count(); row += 2) missing->Set(row);
  next->index = next->index->WithChanges(next->towers.item_embeddings(), missing);
  next->attributes.emplace(next->catalog, &next->index->order());
  TieRetrieval(*next);
  EXPECT_THAT(WhyNot(next), HasSubstr("min_recall"));
}

TEST_F(CanaryTest, ARequestThatIsAnsweredNowMustBe) {
  Dataset dataset = SharedTestModels().dataset();
  ASSERT_EQ(dataset.items.schema[0].values[3], "Western");
  dataset.items.schema[0].values[3] = "Noir";
  ASSERT_EQ(dataset.items.schema[1].name, "year");
  dataset.items.schema[1].name = "decade";
  const TemporaryFolder folder;
  const std::shared_ptr<const Bundle> next =
      LoadBundle(PublishTestBundle(dataset, folder.path()).folder).value();
  EXPECT_TRUE(Check(next).ok());
  Query western;
  western.filter.all_of.push_back({.attribute = "genre", .any_value = {"Western"}});
  for (int i = 0; i < 3; ++i) recorded_.Offer(western);
  EXPECT_THAT(WhyNot(next), HasSubstr("3 of 32 answers are empty that are not now"));
  Query of_a_year;
  of_a_year.filter.all_of.push_back({.attribute = "year", .range = {{.min = 1990, .max = {}}}});
  recorded_.Offer(of_a_year);
  EXPECT_THAT(WhyNot(next),
              AllOf(HasSubstr("request 4 of 32 fails"), HasSubstr("filter.all_of[0]")));
  Query of_nothing;  // Which the present bundle cannot answer, either.
  of_nothing.filter.all_of.push_back({.attribute = "none", .any_value = {"x"}});
  recorded_.Offer(of_nothing);
  EXPECT_TRUE(Check(Second()).ok());
}

TEST_F(CanaryTest, OneThatTakesSeveralTimesAsLongIsRefused) {
  const std::shared_ptr<const Bundle> next = Changed([](const std::filesystem::path&) {});
  const long held = next.use_count();
  // While a request holds the bundle, time passes faster.
  clock_ = [this, &next, held] {
    return now_ += absl::Milliseconds(next.use_count() > held ? 10 : 1);
  };
  EXPECT_THAT(WhyNot(next), HasSubstr("max_latency_ratio 3"));
  settings_.max_latency_ratio = 100;
  EXPECT_TRUE(Check(next).ok());
}

TEST_F(CanaryTest, ARoleChecksWhatItDoes) {
  scope_ = {.candidates = true, .scores = false};
  EXPECT_THAT(Found(Second()), AllOf(HasSubstr("recall"), Not(HasSubstr("probability"))));
  scope_ = {.candidates = false, .scores = true};
  EXPECT_THAT(Found(Second()), AllOf(Not(HasSubstr("recall")), HasSubstr("probability")));
}

TEST_F(CanaryTest, EndsWhenItIsStopped) {
  Canary canary(recorded_, settings_, scope_, clock_);
  canary.Stop();
  EXPECT_EQ(canary.Check(First(), Second()).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace shortlist
