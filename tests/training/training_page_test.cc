#include "training/training_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "common/files.h"
#include "model/bundle.h"
#include "tests/support/synthetic_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_bundle.h"
#include "training/training_page.h"

namespace shortlist {
namespace {

TEST(TrainingPage, ThePageShowsWhatWasMeasuredAndNeedsNothingElse) {
  Dataset dataset = MakeSyntheticDataset();
  dataset.name = "<b>\"R&D\"";
  const TemporaryFolder folder;
  TrainingOptions options = QuickTrainingOptions();
  options.stages.ranker.variants = RankerVariants::kAblation;
  ASSERT_TRUE(TrainBundle(dataset, folder.path(), options).ok());
  const std::string page = *ReadFile(folder.path() / kReportPageFile);
  for (const char* part : {"&lt;b&gt;&quot;R&amp;D&quot;", "To look at", "Popular and cold",
                           "Learning", "two_stage", "popularity_alone", "without next regression",
                           "Reliability", "<svg", "item:genre = ", "history:genre"})
    EXPECT_THAT(page, testing::HasSubstr(part));
  for (const char* part : {"<b>", "http", "<script", "nan", "inf,"})
    EXPECT_THAT(page, testing::Not(testing::HasSubstr(part)));
  for (const char* tag : {"table", "svg", "ul", "p", "tr", "h2", "text"}) {
    auto count = [&](const std::string& what) {
      size_t found = 0;
      for (size_t at = 0; (at = page.find(what, at)) != std::string::npos; ++at) ++found;
      return found;
    };
    EXPECT_EQ(count(std::string("<") + tag + ">") + count(std::string("<") + tag + " "),
              count(std::string("</") + tag + ">"))
        << tag;
  }
}

TEST(TrainingPage, AReviewerIsWarnedOfWhatDoesNotAddUp) {
  const Dataset dataset = MakeSyntheticDataset();
  TrainingReport report;
  report.evaluation.users = 1'000;
  report.ranker.positives = 10'000;
  auto row = [](const char* model, double ndcg) {
    return EvaluationRow{.model = model, .metrics = {{"ndcg@10", ndcg, ndcg, ndcg}}};
  };
  report.evaluation.rows = {row("popularity", 0.1), row("retrieval", 0.2), row("two_stage", 0.3)};
  report.rankers = {{.name = kWholeRanker, .log_loss = 0.1, .ece = 0.001},
                    {.name = "without a", .log_loss = 0.11}};
  EXPECT_THAT(ReviewWarnings(dataset, report), testing::IsEmpty());

  report.evaluation.rows[2] = row("two_stage", 0.15);
  report.rankers[0].ece = 0.02;
  report.rankers[1].log_loss = 0.09;
  report.ranker.weights.calibration_slope = 0.5;
  report.ranker.spec.features.push_back({.name = "rare"});
  report.ranker.coverage = {0.25};
  report.ranker.shared = {0.5};
  EXPECT_THAT(ReviewWarnings(dataset, report),
              testing::ElementsAre(
                  testing::HasSubstr("makes the order worse"), testing::HasSubstr("off by 0.02"),
                  testing::HasSubstr("too sure of"), testing::HasSubstr("better without a"),
                  testing::HasSubstr("rare is missing for 75 %"),
                  testing::HasSubstr("50 % of the values of rare share")));
}

}  // namespace
}  // namespace shortlist
