#include "learning/ranker/ranker_trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <set>

#include "evaluation/quality/ranker_quality.h"
#include "evaluation/recommenders.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bundle.h"
#include "training/stages.h"

namespace shortlist {
namespace {

// Both stages on a split, once for all tests; rankers are trained beside them.
class RankerTrainerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    StagesOptions options = QuickTrainingOptions().stages;
    options.ranker.variants = RankerVariants::kAblation;
    stages_ = new TrainedStages(
        TrainRetrieval(dataset(), sequences(), options, folder_->path(), pool()).value());
    ASSERT_TRUE(AddRanker(dataset(), sequences(), options, pool(), *stages_).ok());
  }
  static void TearDownTestSuite() {
    delete stages_;
    delete folder_;
  }
  static const Dataset& dataset() {
    static const Dataset* const kDataset = new Dataset(MakeSyntheticDataset({.users = 200}));
    return *kDataset;
  }
  static const std::vector<UserSequence>& sequences() {
    static const auto* const kSequences =
        new std::vector<UserSequence>(SplitPerUser(dataset(), 0.2, 0.2));
    return *kSequences;
  }
  static WorkerPool& pool() {
    static WorkerPool* const kPool = new WorkerPool(1);
    return *kPool;
  }
  static RankerTrainingResult Train(const RankerOptions& options) {
    return TrainRanker(dataset(), sequences(), *stages_->bundle, options, /*seed=*/1, pool())
        .value();
  }
  static std::vector<RankerQuality> Measure(const std::vector<RankerVariant>& variants) {
    return MeasureRankers(dataset(), sequences(), *stages_->bundle, variants, {}, pool());
  }
  static const RankerQuality& Named(const std::vector<RankerQuality>& rankers,
                                    const std::string& name) {
    for (const RankerQuality& ranker : rankers)
      if (ranker.name == name) return ranker;
    ADD_FAILURE() << "no " << name;
    return rankers.front();
  }

  static TemporaryFolder* folder_;
  static TrainedStages* stages_;
};
TemporaryFolder* RankerTrainerTest::folder_ = nullptr;
TrainedStages* RankerTrainerTest::stages_ = nullptr;

TEST_F(RankerTrainerTest, LearnsFromAllThatUsersRefusedBeforeTheTest) {
  RankerOptions options = QuickTrainingOptions().stages.ranker;
  options.variants = RankerVariants::kNone;
  options.candidates = dataset().items.ids.size();
  options.negatives_per_request = 1;
  auto train = [&](int64_t after_test_begins) {
    Dataset with_refusals = dataset();
    for (uint32_t user = 0; user < sequences().size(); ++user) {
      const UserSequence& sequence = sequences()[user];
      std::set<ItemRow> taken;
      for (size_t i = sequence.begin; i < sequence.end; ++i)
        taken.insert(dataset().interactions[i].item);
      const int64_t test_begin = dataset().interactions[sequence.valid_end].time_ms;
      const auto refuse = [&](ItemRow item, int64_t time_ms) {
        with_refusals.refused.push_back(
            {.user = user, .item = item, .time_ms = time_ms, .worth = -1});
      };
      ItemRow item = 0;
      for (int refused = 0; refused < 3; ++item) {
        if (taken.contains(item)) continue;
        refuse(item, test_begin + after_test_begins);
        ++refused;
      }
      // Refused once, taken later: no negative.
      refuse(dataset().interactions[sequence.train_end].item, test_begin + after_test_begins);
    }
    return TrainRanker(with_refusals, sequences(), *stages_->bundle, options, /*seed=*/1, pool())
        .value();
  };
  const RankerTrainingResult known = train(/*after_test_begins=*/-1);
  const RankerTrainingResult later = train(/*after_test_begins=*/0);
  EXPECT_EQ(known.positives, later.positives);
  EXPECT_EQ(later.examples, later.positives + later.requests);
  EXPECT_EQ(known.examples, known.positives + 4 * known.requests);
}

TEST_F(RankerTrainerTest, KnowsMoreThanTowersPopularityAndWhatIsLeftWithoutCrosses) {
  const auto rankers = Measure(stages_->ranker.variants);
  const RankerQuality& whole = rankers.front();
  EXPECT_EQ(whole.name, kWholeRanker);
  for (const char* name : {kTowerScoreAlone, kPopularityAlone, kWithoutCrosses}) {
    // The towers alone leave little to order here.
    EXPECT_GT(whole.auc, Named(rankers, name).auc - 0.005) << name;
    EXPECT_GT(whole.gauc, Named(rankers, name).gauc - 0.005) << name;
    EXPECT_LT(whole.log_loss, Named(rankers, name).log_loss) << name;
  }
  EXPECT_GT(whole.auc, Named(rankers, kPopularityAlone).auc + 0.2);
}

TEST_F(RankerTrainerTest, ProbabilitiesOfServedCandidatesMeanWhatTheySay) {
  const auto rankers = Measure(stages_->ranker.variants);
  EXPECT_LT(rankers.front().ece, 0.02);
  size_t candidates = 0;
  for (const ReliabilityBin& bin : rankers.front().reliability) candidates += bin.examples;
  EXPECT_GT(candidates, 200 * 80);
}

TEST_F(RankerTrainerTest, QualityOfTheWholeRankerIsThatOfBothStagesTogether) {
  Evaluator evaluator(MakeTestCases(dataset(), sequences(), {}),
                      TrainingCounts(dataset(), sequences()), 200, {.resamples = 0}, pool());
  evaluator.Measure("both", BothStages(*stages_->bundle, 500));
  EXPECT_NEAR(Measure(stages_->ranker.variants).front().ndcg,
              std::move(evaluator).Take().rows[0]["ndcg@10"], 1e-3);
}

TEST_F(RankerTrainerTest, AnAblationHasNoWeightForWhatItLeavesOut) {
  const std::vector<RankerVariant>& variants = stages_->ranker.variants;
  const FeatureExtractor& extractor = *stages_->bundle->extractor;
  size_t ablations = 0;
  for (const RankerVariant& variant : variants) {
    if (variant.name != "without next regression") continue;
    ++ablations;
    for (uint32_t i = 0; i < extractor.width(); ++i) {
      const FeatureKind kind = extractor.spec().features[extractor.FeatureOf(i)].kind;
      if (kind == FeatureKind::kNextRegression) {
        EXPECT_EQ(variant.weights.weights[i], 0);
        EXPECT_NE(variants.front().weights.weights[i], 0);
      }
    }
  }
  EXPECT_EQ(ablations, 1);
  EXPECT_GT(variants.size(), 10);
}

TEST_F(RankerTrainerTest, TellsHowManyValuesShareAWeightByHashing) {
  FeatureSpec spec = stages_->ranker.spec;
  const auto genre = std::find_if(spec.features.begin(), spec.features.end(), [](const Feature& f) {
    return f.kind == FeatureKind::kItemAttribute;
  });
  ASSERT_NE(genre, spec.features.end());
  genre->hash_size = 1;
  const RankerTrainingResult result = Train({.spec = spec, .variants = RankerVariants::kNone});
  std::vector<double> expected(spec.features.size(), 0);
  expected[static_cast<size_t>(genre - spec.features.begin())] = 1;
  EXPECT_EQ(result.shared, expected);
}

TEST_F(RankerTrainerTest, TheStreamingSolverComesCloseToTheExactOne) {
  const RankerTrainingResult exact = Train({.variants = RankerVariants::kNone});
  const RankerTrainingResult stream =
      Train({.solver = RankerSolver::kFtrl, .variants = RankerVariants::kNone});
  ASSERT_EQ(stream.variants.size(), 1);
  const auto rankers = Measure({exact.variants.front(), stream.variants.front()});
  EXPECT_NEAR(rankers[1].auc, rankers[0].auc, 0.02);
  EXPECT_NEAR(rankers[1].log_loss, rankers[0].log_loss, 0.05 * rankers[0].log_loss);
  EXPECT_LT(stream.log_loss, stream.base_log_loss);
}

TEST_F(RankerTrainerTest, TheStreamingSolverLearnsFromAllRequestsButThoseThatJudgeIt) {
  constexpr uint32_t kUsers = 15;  // With validation, more than the sample holds.
  std::vector<UserSequence> some = sequences();
  for (size_t user = kUsers; user < some.size(); ++user)
    some[user].valid_end = some[user].train_end;
  auto train = [&](RankerSolver solver, std::optional<uint32_t> weighty) {
    Dataset changed = dataset();  // In what learning alone looks at.
    if (weighty)
      for (size_t i = some[*weighty].train_end; i < some[*weighty].valid_end; ++i)
        changed.interactions[i].worth = static_cast<float>(i - some[*weighty].train_end + 2);
    const RankerOptions options{.candidates = changed.items.ids.size(),
                                .max_requests = 10,
                                .negatives_per_request = 10,
                                .solver = solver,
                                .variants = RankerVariants::kNone};
    return TrainRanker(changed, some, *stages_->bundle, options, /*seed=*/1, pool()).value();
  };
  auto losses = [](const RankerTrainingResult& result) {
    std::vector<double> losses;
    for (const TriedStrength& strength : result.strengths) losses.push_back(strength.log_loss);
    return losses;
  };
  const RankerTrainingResult exact = train(RankerSolver::kLbfgs, std::nullopt);
  const RankerTrainingResult stream = train(RankerSolver::kFtrl, std::nullopt);
  size_t judging = 0;
  for (uint32_t user = 0; user < kUsers; ++user) {
    // The exact solver learns from a judging request last, once its strength is chosen.
    const RankerTrainingResult other = train(RankerSolver::kLbfgs, user);
    const bool judges =
        losses(other) == losses(exact) && other.weights.weights != exact.weights.weights;
    judging += judges;
    EXPECT_EQ(train(RankerSolver::kFtrl, user).weights.weights == stream.weights.weights, judges)
        << "user " << user;
  }
  EXPECT_EQ(judging, 2);
  EXPECT_EQ(exact.requests, 10);
  EXPECT_EQ(stream.requests, kUsers - judging);
  EXPECT_EQ(stream.examples, stream.positives + 10 * stream.requests);
}

TEST_F(RankerTrainerTest, L1OfTheStreamingSolverLeavesWeightsOut) {
  auto zeros = [](const RankerTrainingResult& result) {
    return std::count(result.weights.weights.begin(), result.weights.weights.end(), 0.0F);
  };
  RankerOptions options{.solver = RankerSolver::kFtrl, .variants = RankerVariants::kNone};
  const auto without = zeros(Train(options));
  options.l1 = 20;
  EXPECT_GT(zeros(Train(options)), without + 5);
}

TEST_F(RankerTrainerTest, LikedInteractionsCountAsOftenAsTheyAreSaidTo) {
  // Everything is liked here: the odds of the positives rise by as much.
  const RankerTrainingResult once = Train({.liked_value = -1, .variants = RankerVariants::kNone});
  const RankerTrainingResult thrice =
      Train({.liked_value = -1, .liked_weight = 3, .variants = RankerVariants::kNone});
  EXPECT_NEAR(thrice.weights.bias - once.weights.bias, std::log(3.0), 0.3);
  // Calibration takes it back.
  EXPECT_NEAR(thrice.weights.calibration_offset, -std::log(3.0), 0.5);
}

}  // namespace
}  // namespace shortlist
