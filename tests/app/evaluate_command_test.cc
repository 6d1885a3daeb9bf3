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

  TemporaryFolder folder_;
};

TEST_F(EvaluateCommandTest, WritesEveryModelsMetricsAsJson) {
  std::string train = "user_id:token\titem_id:token\n";
  std::string test = train;
  for (int user = 0; user < 30; ++user) {
    for (int item = 0; item < 8; ++item)
      (item < 6 ? train : test) +=
          std::to_string(user) + "\t" + std::to_string(user % 3 * 10 + (user + item) % 10) + "\n";
  }
  folder_.Write("toy/toy.train.inter", train);
  folder_.Write("toy/toy.test.inter", test);
  const std::string json_file = (folder_ / "result.json").string();
  const CommandResult evaluate = RunShortlist("evaluate --dataset " + Toy() +
                                              " --split files --cutoffs 3,5 --json " + json_file);
  ASSERT_EQ(evaluate.exit_code, 0) << evaluate.errors;
  EXPECT_THAT(evaluate.output, HasSubstr("trained on 180 interactions, tested on 30 users"));
  std::ifstream stream(json_file);
  const nlohmann::json json = nlohmann::json::parse(stream);
  EXPECT_EQ(json["dataset"], "toy");
  EXPECT_EQ(json["split"], "files");
  EXPECT_EQ(json["users"], 30);
  EXPECT_EQ(json["items"], 30);
  EXPECT_EQ(json["train_interactions"], 180);
  EXPECT_EQ(json["test_users"], 30);
  EXPECT_GT(json["seconds"]["total"], 0);
  for (const char* model : {"popularity", "item_knn", "ease", "ials", "retrieval_exact",
                            "retrieval_index", "two_stage"})
    for (const char* metric :
         {"hit@3", "recall@5", "ndcg@3", "mrr@5", "map@3", "coverage@5", "gini@3", "novelty@5"})
      EXPECT_TRUE(json["models"][model].contains(metric)) << model << ", " << metric;
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
