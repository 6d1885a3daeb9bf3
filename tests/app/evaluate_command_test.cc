// `shortlist evaluate`, run as a program.

#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/shortlist_program.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;

class EvaluateCommandTest : public ::testing::Test {
 protected:
  std::string Toy() { return (folder_ / "toy").string(); }

  // Thirty users with six items to train on and two to test, of which one user had one already.
  void WriteSplit() {
    std::string train = "user_id:token\titem_id:token\n";
    std::string test = train;
    for (int user = 0; user < 30; ++user) {
      for (int item = 0; item < 8; ++item)
        (item < 6 ? train : test) +=
            std::to_string(user) + "\t" + std::to_string(user % 3 * 10 + (user + item) % 10) + "\n";
    }
    folder_.Write("toy/toy.train.inter", train);
    folder_.Write("toy/toy.test.inter", test + "0\t0\n");
  }

  nlohmann::json ReadJson(const char* name) {
    std::ifstream stream(folder_ / name);
    return nlohmann::json::parse(stream);
  }

  TemporaryFolder folder_;
};

TEST_F(EvaluateCommandTest, WritesEveryModelsMetricsAsJsonAndListsThatOthersScoreTheSame) {
  WriteSplit();
  const std::string json_file = (folder_ / "result.json").string();
  const std::string lists = (folder_ / "lists.jsonl").string();
  const CommandResult evaluate =
      RunShortlist("evaluate --dataset " + Toy() + " --split files --cutoffs 3,5 --json " +
                   json_file + " --dump-lists " + lists + " --compare hit@5");
  ASSERT_EQ(evaluate.exit_code, 0) << evaluate.errors;
  EXPECT_THAT(evaluate.output, HasSubstr("trained on 150 interactions, tested on 30 users"));
  EXPECT_THAT(evaluate.output, HasSubstr("61 interactions, of which 1 are dropped as repeats"));
  EXPECT_THAT(evaluate.output,
              HasSubstr("First 5 items; 30 test users, 1 of 61 test rows dropped, no times\n"));
  EXPECT_THAT(evaluate.output, HasSubstr("only they compare with papers"));
  EXPECT_THAT(evaluate.output, HasSubstr("Differences of hit@5 within users"));
  const nlohmann::json json = ReadJson("result.json");
  EXPECT_EQ(json["dataset"], "toy");
  EXPECT_EQ(json["split"], "files");
  EXPECT_EQ(json["users"], 30);
  EXPECT_EQ(json["items"], 30);
  EXPECT_EQ(json["train_interactions"], 150);
  EXPECT_EQ(json["refit_interactions"], 180);
  EXPECT_EQ(json["test_users"], 30);
  EXPECT_EQ(json["split_summary"]["test_repeats"], 1);
  EXPECT_EQ(json["comparisons"]["pairs"].size(), 12);
  EXPECT_GT(json["seconds"]["total"], 0);
  for (const char* model : {"popularity", "item_knn", "ease", "ials", "retrieval_exact",
                            "retrieval_index", "two_stage"})
    for (const std::string& row : {std::string(model), model + std::string("_refit")})
      for (const char* metric :
           {"hit@3", "recall@5", "ndcg@3", "mrr@5", "map@3", "coverage@5", "gini@3", "novelty@5"})
        EXPECT_TRUE(json["models"][row].contains(metric)) << row << ", " << metric;

  const std::string scorer = SHORTLIST_SOURCE "/scripts/score_lists";
  const CommandResult scored = RunProgram({scorer, lists, json_file});
  EXPECT_EQ(scored.exit_code, 0) << scored.errors;
  // 14 rows, five metrics at two cutoffs.
  EXPECT_THAT(scored.errors, HasSubstr("140 figures"));
}

TEST_F(EvaluateCommandTest, RefusesACutoffThatIsThereTwice) {
  WriteSplit();
  const CommandResult evaluate =
      RunShortlist("evaluate --dataset " + Toy() + " --split files --cutoffs 10,5,10");
  EXPECT_NE(evaluate.exit_code, 0);
  EXPECT_THAT(evaluate.errors, HasSubstr("--cutoffs: 10 is there twice"));
}

TEST_F(EvaluateCommandTest, SeveralSeedsGiveMeansDeviationsAndEverySeedsFigures) {
  WriteSplit();
  const CommandResult evaluate =
      RunShortlist("evaluate --dataset " + Toy() +
                   " --split files --cutoffs 3 --no-refit --seeds 4,9 --without "
                   "item_knn,ease,retrieval_index,two_stage --json " +
                   (folder_ / "result.json").string());
  ASSERT_EQ(evaluate.exit_code, 0) << evaluate.errors;
  EXPECT_THAT(evaluate.errors, HasSubstr("seed 9 (2 of 2), ndcg@3:"));
  EXPECT_THAT(evaluate.output, HasSubstr("means of 2 seeds"));
  EXPECT_THAT(evaluate.output, HasSubstr("retrieval_exact - popularity"));
  EXPECT_THAT(evaluate.output, HasSubstr("All rows know the training part alone"));
  const nlohmann::json json = ReadJson("result.json");
  for (const char* model : {"popularity", "ials", "retrieval_exact"}) {
    const double four = json["seeds"]["4"]["models"][model]["ndcg@3"];
    const double nine = json["seeds"]["9"]["models"][model]["ndcg@3"];
    EXPECT_NEAR(json["models"][model]["ndcg@3"]["mean"], (four + nine) / 2, 1e-9) << model;
    EXPECT_EQ(json["models"][model]["ndcg@3"]["deviation"] > 0, four != nine) << model;
  }
}

TEST_F(EvaluateCommandTest, MeasuresHowItemsThatWereHeldOutArePlacedByTheirContent) {
  WriteSplit();
  std::string items = "item_id:token\tkind:token\n";
  for (int item = 0; item < 30; ++item)
    items += std::to_string(item) + "\t" + std::to_string(item / 10) + "\n";
  folder_.Write("toy/toy.item", items);
  const CommandResult evaluate =
      RunShortlist("evaluate --dataset " + Toy() +
                   " --split files --cutoffs 2 --new-items 0.3 --seeds 1..2 --json " +
                   (folder_ / "result.json").string());
  ASSERT_EQ(evaluate.exit_code, 0) << evaluate.errors;
  EXPECT_THAT(evaluate.output, HasSubstr("9 of 30 items held out"));
  EXPECT_THAT(evaluate.output, HasSubstr("only new items are ranked; means of 2 seeds"));
  EXPECT_THAT(evaluate.output, HasSubstr("all items are ranked; means of 2 seeds"));
  EXPECT_THAT(evaluate.output, HasSubstr("of recall@2: "));
  EXPECT_THAT(evaluate.output, HasSubstr("without_them"));
  const nlohmann::json json = ReadJson("result.json");
  for (const char* ranked : {"among_new", "whole_catalog"})
    for (const char* model : {"random", "popularity_by_attribute", "popularity_afterwards",
                              "from_content", "trained_with_them"}) {
      EXPECT_TRUE(json[ranked]["models"][model].contains("recall@2")) << model;
      EXPECT_TRUE(json["seeds"]["2"][ranked]["models"][model].contains("ndcg@2")) << model;
    }
  EXPECT_TRUE(json["all_relevant"]["models"]["without_them"].contains("recall@2"));
  EXPECT_EQ(json["seeds"]["1"]["new_items"], 9);
}

TEST_F(EvaluateCommandTest, SaysWhatIsWrongWithAFlagBeforeItTrains) {
  WriteSplit();
  const std::string command = "evaluate --dataset " + Toy() + " --split files ";
  EXPECT_THAT(RunShortlist(command + "--compare gini@10").errors, HasSubstr("such as ndcg@10"));
  EXPECT_THAT(RunShortlist(command + "--seeds 5..1").errors, HasSubstr("between two and 100"));
  EXPECT_NE(RunShortlist(command + "--seeds 1..2 --seed 3").exit_code, 0);
  EXPECT_THAT(RunShortlist(command + "--dump-lists missing/lists").errors,
              HasSubstr("there is no folder missing"));
}

TEST_F(EvaluateCommandTest, SaysWhichFileOfASplitIsMissing) {
  folder_.Write("toy/toy.train.inter", "user_id:token\titem_id:token\nu\ta\n");
  const CommandResult evaluate = RunShortlist("evaluate --dataset " + Toy() + " --split files");
  EXPECT_EQ(evaluate.exit_code, 1);
  EXPECT_THAT(evaluate.errors, HasSubstr("toy.test.inter"));
  // And without --split files, what to do.
  EXPECT_THAT(RunShortlist("evaluate --dataset " + Toy() + " --split per-user").errors,
              HasSubstr("--split files"));
}

}  // namespace
}  // namespace shortlist
