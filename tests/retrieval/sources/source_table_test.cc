#include "retrieval/sources/source_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "retrieval/sources/candidate_generator.h"
#include "tests/support/toy_bundle.h"

namespace shortlist {
namespace {

constexpr SourceId kNewest{77};

// A source that a test adds: the last rows of the catalog.
class NewestSource : public CandidateSource {
 public:
  explicit NewestSource(const Catalog& catalog) : items_(catalog.item_count()) {}
  std::vector<ItemRow> Retrieve(const CandidateQuery& query, size_t k) const override {
    return FirstPassing(
        query, items_, [this](size_t i) { return static_cast<ItemRow>(items_ - 1 - i); }, k);
  }

 private:
  size_t items_;
};

TEST(CandidateSourceTable, HasEverySourceOnceAndSharesThatLeaveRoom) {
  std::set<SourceId> ids;
  double shares = 0, shares_for_unknown_user = 0;
  for (const CandidateSourceEntry& entry : CandidateSourceTable()) {
    EXPECT_TRUE(ids.insert(entry.id).second);
    shares += entry.share;
    shares_for_unknown_user += entry.share_for_unknown_user;
  }
  EXPECT_LT(shares, 1);
  EXPECT_LE(shares_for_unknown_user, 1);
}

TEST(CandidateSourceTable, ASourceThatIsAddedHasItsShareOfThePlaces) {
  const ToyBundle bundle(2'000);
  std::vector<CandidateSourceEntry> sources(CandidateSourceTable().begin(),
                                            CandidateSourceTable().end());
  sources.push_back({kNewest,
                     [](const SourceParts& parts) -> std::unique_ptr<CandidateSource> {
                       return std::make_unique<NewestSource>(*parts.catalog);
                     },
                     0.10, 0.10});
  const CandidateGenerator generator(bundle.catalog, bundle.towers, *bundle.index,
                                     bundle.similarity, sources);
  for (const std::vector<ItemRow>& history : {std::vector<ItemRow>{3, 4}, std::vector<ItemRow>()}) {
    const std::vector<Candidate> candidates =
        generator.Generate(ToyBundle::UserWith(history), {}, {}, 100);
    EXPECT_EQ(candidates.size(), 100u);
    EXPECT_EQ(std::count_if(candidates.begin(), candidates.end(),
                            [](const Candidate& candidate) { return candidate.source == kNewest; }),
              10);
  }
}

}  // namespace
}  // namespace shortlist
