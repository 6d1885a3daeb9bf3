#include "retrieval/sources/source_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "retrieval/sources/candidate_generator.h"
#include "retrieval/sources/popular_source.h"
#include "tests/support/toy_bundle.h"

namespace shortlist {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::Pair;

// The source that CONTRIBUTING.md shows: items with few interactions, of which models know little,
// fewest first.
class NewSource : public CandidateSource {
 public:
  explicit NewSource(const Catalog& catalog) {
    const std::span<const uint32_t> counts = catalog.interaction_counts();
    for (ItemRow item = 0; item < catalog.item_count(); ++item)
      if (counts[item] < kFew) items_.push_back(item);
    std::stable_sort(items_.begin(), items_.end(),
                     [&](ItemRow a, ItemRow b) { return counts[a] < counts[b]; });
  }

  std::vector<ItemRow> Retrieve(const CandidateQuery& query, size_t k) const override {
    return FirstPassing(
        query, items_.size(), [this](size_t i) { return items_[i]; }, k);
  }

 private:
  static constexpr uint32_t kFew = 100;
  std::vector<ItemRow> items_;
};

std::unique_ptr<CandidateSource> MakeNew(const SourceParts& parts) {
  return std::make_unique<NewSource>(*parts.catalog);
}

std::unique_ptr<CandidateSource> MakePopular(const SourceParts& parts) {
  return std::make_unique<PopularSource>(*parts.catalog);
}

constexpr SourceId kNew{77};
constexpr SourceId kOther{78};

class CandidateSourceTableTest : public testing::Test {
 protected:
  std::vector<Candidate> Generate(std::span<const CandidateSourceEntry> sources,
                                  const std::vector<ItemRow>& history,
                                  const ItemFilter& filter = {}) const {
    const CandidateGenerator generator(bundle_.towers, *bundle_.index, bundle_.parts(), sources);
    return generator.Generate(ToyBundle::UserWith(history), {}, filter, 100);
  }
  static std::map<SourceId, int> Counts(const std::vector<Candidate>& candidates) {
    std::map<SourceId, int> counts;
    for (const Candidate& candidate : candidates) ++counts[candidate.source];
    return counts;
  }
  uint32_t InteractionsWith(const Candidate& candidate) const {
    return bundle_.catalog.interaction_counts()[candidate.item];
  }

  const ToyBundle bundle_{2'000};
};

TEST_F(CandidateSourceTableTest, HasEverySourceOnceAndSharesThatLeaveRoom) {
  std::set<SourceId> ids;
  double shares = 0, shares_for_unknown_user = 0;
  for (const CandidateSourceEntry& entry : CandidateSourceTable()) {
    EXPECT_TRUE(ids.insert(entry.id).second);
    shares += entry.share;
    shares_for_unknown_user += entry.share_for_unknown_user;
  }
  // The index, what pinning adds and what callers give are none of the table's.
  EXPECT_FALSE(ids.contains(SourceId::kTwoTower));
  EXPECT_FALSE(ids.contains(SourceId::kPinned));
  EXPECT_FALSE(ids.contains(SourceId::kGiven));
  EXPECT_LT(shares, 1);
  EXPECT_LE(shares_for_unknown_user, 1);
}

TEST_F(CandidateSourceTableTest, ASourceThatIsAddedHasItsShareOfThePlaces) {
  std::vector<CandidateSourceEntry> sources(CandidateSourceTable().begin(),
                                            CandidateSourceTable().end());
  sources.push_back({kNew, MakeNew, /*share=*/0.10, /*share_for_unknown_user=*/0.20});
  const std::vector<Candidate> of_known = Generate(sources, {3, 4});
  EXPECT_EQ(of_known.size(), 100);
  EXPECT_EQ(Counts(of_known)[kNew], 10);
  const std::vector<Candidate> of_unknown = Generate(sources, {});
  EXPECT_THAT(Counts(of_unknown), ElementsAre(Pair(SourceId::kTwoTower, 30),
                                              Pair(SourceId::kPopular, 50), Pair(kNew, 20)));
  for (const Candidate& candidate : of_unknown) {
    if (candidate.source == kNew) {
      EXPECT_LT(InteractionsWith(candidate), 100);
    }
  }
}

TEST_F(CandidateSourceTableTest, ASourceWithoutAShareIsNotAsked) {
  std::vector<CandidateSourceEntry> sources(CandidateSourceTable().begin(),
                                            CandidateSourceTable().end());
  sources.push_back({kNew, MakeNew, 0, 0});
  for (const std::vector<ItemRow>& history : {std::vector<ItemRow>{3, 4}, std::vector<ItemRow>()}) {
    const std::vector<Candidate> without = Generate(CandidateSourceTable(), history);
    const std::vector<Candidate> with = Generate(sources, history);
    ASSERT_EQ(with.size(), without.size());
    for (size_t i = 0; i < with.size(); ++i)
      EXPECT_THAT(with[i], AllOf(Field(&Candidate::item, without[i].item),
                                 Field(&Candidate::score, without[i].score),
                                 Field(&Candidate::source, without[i].source)));
  }
}

TEST_F(CandidateSourceTableTest, AnItemCountsForTheFirstSourceThatNamesIt) {
  // Both would name the same ten items.
  const CandidateSourceEntry sources[] = {{kNew, MakePopular, 0.10, 0.10},
                                          {kOther, MakePopular, 0.10, 0.10}};
  const std::vector<Candidate> candidates = Generate(sources, {});
  EXPECT_THAT(Counts(candidates),
              ElementsAre(Pair(SourceId::kTwoTower, 80), Pair(kNew, 10), Pair(kOther, 10)));
  for (const Candidate& candidate : candidates) {
    // Interactions are 0 ... 1999.
    if (candidate.source == SourceId::kTwoTower) continue;
    EXPECT_EQ(InteractionsWith(candidate) >= 1990, candidate.source == kNew);
  }
}

TEST_F(CandidateSourceTableTest, SharesOfMoreThanAllPlacesAreCutInOrder) {
  const CandidateSourceEntry sources[] = {{kNew, MakeNew, 0.80, 0.80},
                                          {kOther, MakePopular, 0.80, 0.80}};
  for (const std::vector<ItemRow>& history : {std::vector<ItemRow>{3, 4}, std::vector<ItemRow>()})
    EXPECT_THAT(Counts(Generate(sources, history)), ElementsAre(Pair(kNew, 80), Pair(kOther, 20)));
}

TEST_F(CandidateSourceTableTest, WithoutOtherSourcesTheIndexHasAllPlaces) {
  for (const std::vector<ItemRow>& history : {std::vector<ItemRow>{3, 4}, std::vector<ItemRow>()})
    EXPECT_THAT(Counts(Generate({}, history)), ElementsAre(Pair(SourceId::kTwoTower, 100)));
}

}  // namespace
}  // namespace shortlist
