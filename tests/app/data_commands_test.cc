// `shortlist import`, `shortlist history` and `shortlist evaluate`, run as programs.

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shortlist {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

struct Outcome {
  int exit_status;
  std::string output;  // Of both standard streams.
};

Outcome RunShortlist(const std::string& arguments) {
  FILE* pipe = ::popen((std::string(SHORTLIST_PROGRAM) + " " + arguments + " 2>&1").c_str(), "r");
  std::string output;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
  return {WEXITSTATUS(::pclose(pipe)), output};
}

class DataCommandsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.Write("in/ratings.csv",
                  "userId,movieId,rating,timestamp\n"
                  "7,1,4.5,1000000000\n7,20,5,900000000\n7,300,4.5,1100000000\n"
                  "8,20,1,900000000\n");
    folder_.Write("in/movies.csv",
                  "movieId,title,genres\n1,Toy Story (1995),Comedy\n20,\"Heat (1995)\",Action\n");
  }
  std::string Import() {
    return "import movielens " + (folder_ / "in").string() + " --out " + Toy();
  }
  std::string Toy() { return (folder_ / "toy").string(); }

  TemporaryFolder folder_;
};

TEST_F(DataCommandsTest, ImportPrintsOneLine) {
  Outcome import = RunShortlist(Import());
  EXPECT_EQ(import.exit_status, 0);
  EXPECT_THAT(import.output,
              MatchesRegex(".*/toy: 2 users, 3 items, 4 ratings of MovieLens 20M, 25M, 32M or "
                           "latest imported in [0-9.]+ s\n"));
}

TEST_F(DataCommandsTest, ImportStopsOrCountsAtBadRowsAndReplacesWhenForced) {
  folder_.Write("in/ratings.csv", "userId,movieId,rating,timestamp\n7,1,4.5,1000000000\n7,1,x,1\n");
  Outcome import = RunShortlist(Import());
  EXPECT_EQ(import.exit_status, 1);
  EXPECT_THAT(import.output, HasSubstr("ratings.csv:3: the rating is not a finite number: \"x\""));
  EXPECT_THAT(RunShortlist(Import() + " --skip-bad-rows").output, HasSubstr("left out 1 bad rows"));
  EXPECT_THAT(RunShortlist(Import() + " --skip-bad-rows").output, HasSubstr("toy is not empty"));
  EXPECT_EQ(RunShortlist(Import() + " --skip-bad-rows --force").exit_status, 0);
}

TEST_F(DataCommandsTest, HistoryShowsTheBestRatedThenTheNewestFirst) {
  RunShortlist(Import());
  EXPECT_EQ(RunShortlist("history --dataset " + Toy() + " --user 7").output,
            "User 7: the best rated 3 of 3 items\n"
            "rating  date        item  title\n"
            "     5  1998-07-09  20    Heat\n"
            "   4.5  2004-11-09  300   -\n"
            "   4.5  2001-09-09  1     Toy Story\n");
  EXPECT_EQ(RunShortlist("history --dataset " + Toy() + " --user 7 --count 1").output,
            "User 7: the best rated 1 of 3 items\n"
            "rating  date        item  title\n"
            "     5  1998-07-09  20    Heat\n");
}

TEST_F(DataCommandsTest, HistoryDoesWithoutRatingsTimesAndTitles) {
  folder_.Write("toy/toy.inter", "user_id:token\titem_id:token\nu\ta\nu\tb\n");
  EXPECT_EQ(RunShortlist("history --dataset " + Toy() + " --user u").output,
            "User u: the newest 2 of 2 items\n"
            "rating  date        item  title\n"
            "     -  -           b     -\n"
            "     -  -           a     -\n");
}

TEST_F(DataCommandsTest, HistoryRefusesAnUnknownUser) {
  RunShortlist(Import());
  Outcome history = RunShortlist("history --dataset " + Toy() + " --user nobody");
  EXPECT_EQ(history.exit_status, 1);
  EXPECT_THAT(history.output, HasSubstr("the data set toy has no user \"nobody\""));
}

TEST_F(DataCommandsTest, EvaluateWritesEveryModelsMetricsAsJson) {
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
  const Outcome evaluate = RunShortlist("evaluate --dataset " + Toy() +
                                        " --split files --cutoffs 3,5 --json " + json_file);
  ASSERT_EQ(evaluate.exit_status, 0) << evaluate.output;
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

TEST_F(DataCommandsTest, FeaturesShowsWhatAModelTrainedWithAnEditedSpecSees) {
  std::string interactions = "user_id:token\titem_id:token\ttimestamp:float\trating:float\n";
  std::string items = "item_id:token\ttitle:token\tgenre:token_seq\tyear:float\n";
  for (int user = 0; user < 30; ++user)
    for (int i = 0; i < 10; ++i)
      interactions += std::to_string(user) + "\t" +
                      std::to_string(user % 3 * 12 + (user + i) % 12) + "\t" +
                      std::to_string(1'000'000'000 + user * 100'000 + i * 1'000) + "\t" +
                      std::to_string(3 + (user + i) % 2) + "\n";
  for (int item = 0; item < 36; ++item)
    items += std::to_string(item) + "\tItem " + std::to_string(item) + "\t" +
             (item % 2 == 0 ? "Comedy" : "Drama") + "\t" + std::to_string(1980 + item) + "\n";
  folder_.Write("toy/toy.inter", interactions);
  folder_.Write("toy/toy.item", items);
  const std::string models = (folder_ / "models").string();
  const std::string train = "train --dataset " + Toy() + " --models " + models +
                            " --dim 4 --epochs 2 --no-refit --threads 1 --features ";
  const std::string spec =
      "features { name: \"score\" kind: FEATURE_KIND_TOWER_SCORE }\n"
      "features { name: \"decade\" kind: FEATURE_KIND_ITEM_NUMBER item_attribute: \"year\"\n"
      "           transform: FEATURE_TRANSFORM_BUCKETS bucket_edges: 1990 bucket_edges: 2000 }\n";
  const Outcome refused = RunShortlist(
      train +
      folder_
          .Write("bad.txtpb",
                 spec + "features { name: \"x\" kind: FEATURE_KIND_ITEM_NUMBER item_attribute: "
                        "\"genre\" }\n")
          .string());
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_THAT(refused.output, HasSubstr("bad.txtpb:4: feature x: the item attribute \"genre\" is "
                                        "not a number"));
  const std::string good = train + folder_.Write("good.txtpb", spec).string() + " --liked-head";
  EXPECT_THAT(RunShortlist(good + " --liked-value 9").output,
              HasSubstr("none of 300 interactions has a value of at least 9 (--liked-value)"));
  const Outcome trained = RunShortlist(good);
  ASSERT_EQ(trained.exit_status, 0) << trained.output;
  EXPECT_THAT(trained.output, HasSubstr("candidates taken up, "));

  const Outcome features =
      RunShortlist("features --dataset " + Toy() + " --models " + models + " --user 4 --item 30");
  EXPECT_EQ(features.exit_status, 0) << features.output;
  EXPECT_THAT(features.output, HasSubstr("Item 30 (item 30) for user 4, who has not taken it"));
  EXPECT_THAT(features.output, HasSubstr("the model sees"));
  EXPECT_THAT(features.output, ::testing::ContainsRegex("decade +2010 +1 "));
  EXPECT_THAT(features.output, ::testing::ContainsRegex("score -?[0-9.]+: probability"));
  EXPECT_THAT(features.output, HasSubstr("for liking: weight"));
  EXPECT_THAT(features.output, ::testing::ContainsRegex("liking -?[0-9.]+: probability"));
  EXPECT_THAT(
      RunShortlist("features --dataset " + Toy() + " --models " + models + " --user 4 --item 16")
          .output,
      HasSubstr("for user 4, just before they took it"));
  EXPECT_THAT(RunShortlist("features --dataset " + Toy() + " --models " + models +
                           " --user 4 --item nothing")
                  .output,
              HasSubstr("has no item \"nothing\""));
}

TEST_F(DataCommandsTest, EvaluateSaysWhichFileOfASplitIsMissing) {
  folder_.Write("toy/toy.train.inter", "user_id:token\titem_id:token\nu\ta\n");
  const Outcome evaluate = RunShortlist("evaluate --dataset " + Toy() + " --split files");
  EXPECT_EQ(evaluate.exit_status, 1);
  EXPECT_THAT(evaluate.output, HasSubstr("toy.test.inter"));
  // And without --split files, what to do.
  EXPECT_THAT(RunShortlist("evaluate --dataset " + Toy() + " --split per-user").output,
              HasSubstr("--split files"));
}

}  // namespace
}  // namespace shortlist
