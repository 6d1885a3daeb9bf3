#include "training/synthetic_catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "absl/time/clock.h"
#include "model/bundle.h"
#include "model/bundle_publisher.h"
#include "retrieval/index/exact_search.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

constexpr SyntheticCatalogOptions kOptions{.items = 20'000, .users = 50, .dim = 16, .threads = 2};

class SyntheticCatalogTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    models_ = new TemporaryFolder;
    bundle_ = new std::shared_ptr<const Bundle>(Publish(kOptions));
  }
  static void TearDownTestSuite() {
    delete bundle_;
    delete models_;
  }
  static std::shared_ptr<const Bundle> Publish(const SyntheticCatalogOptions& options) {
    auto publisher = BundlePublisher::Begin(models_->path());
    EXPECT_TRUE(publisher.ok());
    EXPECT_TRUE(SyntheticCatalog(options).WriteBundle(publisher->staging()).ok());
    // Two bundles of one content cannot be published in the same second.
    static int published = 0;
    EXPECT_TRUE(publisher->Publish(absl::FromUnixSeconds(++published)).ok());
    return LoadCurrentBundle(models_->path()).value();
  }

  static TemporaryFolder* models_;
  static std::shared_ptr<const Bundle>* bundle_;
  const Bundle& bundle() const { return **bundle_; }
};
TemporaryFolder* SyntheticCatalogTest::models_ = nullptr;
std::shared_ptr<const Bundle>* SyntheticCatalogTest::bundle_ = nullptr;

TEST_F(SyntheticCatalogTest, AttributesHaveTheSelectivityTheyAreNamedAfter) {
  for (const auto& [value, share] :
       {std::pair("50%", 0.5), std::pair("10%", 0.1), std::pair("1%", 0.01)}) {
    FilterConditions conditions;
    conditions.all_of.push_back({.attribute = "selectivity", .any_value = {value}});
    const auto filter = bundle().attributes->Compile(conditions);
    ASSERT_TRUE(filter.ok()) << filter.status();
    EXPECT_NEAR(filter->PassingCount(20'000) / 20'000.0, share, 0.1 * share + 0.001) << value;
  }
}

TEST_F(SyntheticCatalogTest, PopularityFollowsAPowerLaw) {
  std::vector<uint32_t> counts(bundle().catalog.interaction_counts().begin(),
                               bundle().catalog.interaction_counts().end());
  std::sort(counts.rbegin(), counts.rend());
  EXPECT_NEAR(std::log(1.0 * counts[0] / counts[999]) / std::log(1000.0), 0.8, 0.02);
  EXPECT_EQ(counts.back(), 1);
}

TEST_F(SyntheticCatalogTest, UsersAreServedWithinTheRecallTheIndexIsTunedTo) {
  const SyntheticCatalog catalog(kOptions);
  double found = 0, expected = 0;
  for (size_t user = 0; user < kOptions.users; ++user) {
    UserState state;
    catalog.MakeUser(user, state);
    const EncodedUser resolved = bundle().encoder->Encode(state);
    EXPECT_EQ(resolved.history.size(), state.history.size());
    EXPECT_NE(resolved.user, kNoUser);
    EXPECT_EQ(resolved.attribute_codes.size(), 3);
    const std::vector<float> query = bundle().towers.UserVector(resolved, {});
    std::set<ItemRow> best;
    for (const ScoredItem& item :
         SearchExactly(bundle().towers.item_embeddings(), 16, query, {}, 500))
      best.insert(item.item);
    for (const ScoredItem& item : bundle().index->Search(query, {}, 500))
      found += static_cast<double>(best.count(item.item));
    expected += 500;
  }
  EXPECT_GT(found / expected, 0.96);
}

TEST_F(SyntheticCatalogTest, SomeFortyFeaturesOfACandidateAreNotZero) {
  UserState state;
  SyntheticCatalog(kOptions).MakeUser(1, state);
  const RequestContext context{
      .time_ms = 1'700'000'000'000, .device = "phone", .surface = "", .time_zone = "", .extra = {}};
  const EncodedUser user = bundle().encoder->Encode(state);
  const EncodedContext resolved_context = bundle().encoder->Encode(context, state);
  const auto candidates = bundle().candidates->Generate(user, resolved_context, {}, 100);
  const auto request = bundle().extractor->Begin(user, resolved_context, candidates);
  std::vector<FeatureValue> values;
  size_t active = 0;
  for (size_t i = 0; i < candidates.size(); ++i) {
    bundle().extractor->Compute(request, i, values);
    active += values.size();
  }
  EXPECT_GE(active, 40 * candidates.size());
}

TEST_F(SyntheticCatalogTest, IsTheSameForAnyNumberOfThreadsAndAnotherForAnotherSeed) {
  SyntheticCatalogOptions options = kOptions;
  options.threads = 1;
  EXPECT_EQ(Publish(options)->id, bundle().id);
  options.seed = 2;
  EXPECT_NE(Publish(options)->id, bundle().id);
}

}  // namespace
}  // namespace shortlist
