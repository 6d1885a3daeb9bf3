#include <memory>
#include <vector>

#include "features/feature_spec_check.h"
#include "features/kinds/feature_kind_table.h"
#include "ranking/logistic_ranker.h"
#include "tests/support/feature_fixture.h"

namespace shortlist {
namespace {

// Two kinds that the test adds. Computed candidate by candidate:
class IdLength : public FeatureComputer {
 public:
  explicit IdLength(const Catalog& catalog) : catalog_(catalog) {}
  float Number(const FeatureSlot& /*slot*/, const FeatureRequest& /*request*/,
               const Candidate& candidate, size_t /*position*/) const override {
    return static_cast<float>(catalog_.title(candidate.item).size());
  }

 private:
  const Catalog& catalog_;
};
constexpr FeatureKind kIdLength{200};
const FeatureKindInfo kIdLengthKind{
    .kind = kIdLength,
    .group = "title length",
    .shape = FeatureShape::kCandidate,
    .make = [](const FeatureInputs& inputs) -> std::unique_ptr<FeatureComputer> {
      return std::make_unique<IdLength>(*inputs.catalog);
    },
    .has_number = true};

// And for all candidates at once:
class Parity : public FeatureComputer {
 public:
  void Begin(std::span<const FeatureSlot> /*slots*/, FeatureRequest& request,
             FeatureColumns& columns) const override {
    for (ItemRow item : request.items) columns.numbers.push_back(item % 2 == 1 ? 1.0F : 0.0F);
  }
};
constexpr FeatureKind kParity{201};
const FeatureKindInfo kParityKind{
    .kind = kParity,
    .group = "parity",
    .shape = FeatureShape::kColumn,
    .make = [](const FeatureInputs&) -> std::unique_ptr<FeatureComputer> {
      return std::make_unique<Parity>();
    },
    .has_number = true};

class AddedKindTest : public FeatureExtractorTest {
 protected:
  const AddedFeatureKind id_length_{kIdLengthKind};
  const AddedFeatureKind parity_{kParityKind};
};

TEST_F(AddedKindTest, IsComputedScoredAndExplainedWithoutAnotherLineOfCode) {
  FeatureSpec spec{.features = {{.name = "length", .kind = kIdLength},
                                {.name = "parity", .kind = kParity},
                                {.name = "score", .kind = FeatureKind::kTowerScore}}};
  const auto extractor = FeatureExtractor::Create(spec, inputs_);
  ASSERT_TRUE(extractor.ok()) << extractor.status();
  const LogisticRanker ranker(
      {.spec_fingerprint = spec.Fingerprint(), .bias = 0.5F, .weights = {0.25F, 2, 4}}, *extractor);
  // Titles: "Alpha", "Beta" and none.
  const std::vector<Candidate> candidates = {
      {1, 0.5F, SourceId::kTwoTower}, {0, 0.25F, SourceId::kTwoTower}, {2, 0, SourceId::kTwoTower}};
  const auto request = extractor->Begin(user_, context_, candidates);
  std::vector<float> scores(3);
  ranker.Score(request, scores);
  EXPECT_THAT(scores, testing::ElementsAre(0.5F + 1 + 2 + 2, 0.5F + 1.25F + 1, 0.5F));
  double sum = 0;
  for (const FeatureContribution& part : ranker.Explain(request, 0, scores[0]))
    sum += part.contribution;
  EXPECT_EQ(static_cast<float>(sum), scores[0]);
  EXPECT_EQ(extractor->Describe(request, 0, 0), "4.00");
}

TEST_F(AddedKindTest, IsKnownToSpecsOnlyWhileItIsThere) {
  EXPECT_TRUE(CheckFeatureSpec({.features = {{.name = "length", .kind = kIdLength}}}).ok());
  EXPECT_FALSE(CheckFeatureSpec({.features = {{.name = "other", .kind = FeatureKind{202}}}}).ok());
}

}  // namespace
}  // namespace shortlist
