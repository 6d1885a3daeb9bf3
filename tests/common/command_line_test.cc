#include "common/command_line.h"

#include <array>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shortlist {
namespace {

TEST(CommandLine, WritesWhatIsGivenAndKeepsDefaults) {
  CommandLine line("");
  int count = 20;
  double share = 0.5;
  bool explain = false;
  std::vector<std::string> items, filters;
  line.Add("--count", count, "").Within(1, 100);
  line.Add("--share", share, "").Within(0.0, 1.0);
  line.AddFlag("--explain", explain, "");
  line.Add("--items", items, "").Separated(',');
  line.Add("--filter", filters, "").OneEachTime("CONDITION");
  ASSERT_TRUE(line.Accepts("--count 7 --explain --items a,b --filter x --filter y"));
  EXPECT_EQ(count, 7);
  EXPECT_EQ(share, 0.5);
  EXPECT_TRUE(explain);
  EXPECT_THAT(items, testing::ElementsAre("a", "b"));
  EXPECT_THAT(filters, testing::ElementsAre("x", "y"));
}

TEST(CommandLine, RefusesWhatAnOptionDoesNotAllow) {
  auto accepts = [](const std::string& arguments) {
    CommandLine line("");
    int count = 20, threads = 1;
    double share = 0.5, rate = 1, seconds = 60;
    std::string role, file, models, out;
    line.Add("--count", count, "").Within(1, 100);
    line.Add("--share", share, "").Within(0.0, 1.0);
    line.Add("--rate", rate, "").Positive();
    line.Add("--threads", threads, "").NotNegative();
    line.Add("--time", seconds, "").Time();
    line.Add("--role", role, "").OneOf({"all", "ranking"});
    line.Add("--file", file, "").Check([](const std::string& name) {
      return name == "bad" ? "is bad" : "";
    });
    CommandOption models_option = line.Add("--models", models, "");
    line.Add("--out", out, "").Needs(models_option).Excludes(line.Add("--print", role, ""));
    return line.Accepts(arguments);
  };
  EXPECT_TRUE(accepts("--count 100 --share 1 --rate 0.1 --threads 0 --time 2m --role all"));
  EXPECT_FALSE(accepts("--count 101"));
  EXPECT_FALSE(accepts("--count many"));
  EXPECT_FALSE(accepts("--share 1.5"));
  EXPECT_FALSE(accepts("--share nan"));
  EXPECT_FALSE(accepts("--rate 0"));
  EXPECT_FALSE(accepts("--threads -1"));
  EXPECT_FALSE(accepts("--time 2 days"));
  EXPECT_FALSE(accepts("--role none"));
  EXPECT_FALSE(accepts("--file bad"));
  EXPECT_FALSE(accepts("--out x"));
  EXPECT_TRUE(accepts("--out x --models y"));
  EXPECT_FALSE(accepts("--out x --models y --print z"));
  EXPECT_FALSE(accepts("--unknown"));
}

TEST(CommandLine, RunsTheCommandThatIsChosen) {
  CommandLine line("");
  line.RequireCommand();
  std::string chosen, dataset;
  Command train = line.AddCommand("train", "");
  train.Add("--dataset", dataset, "").Required();
  train.OnChosen([&] { chosen = "train"; });
  Command serve = line.AddCommand("serve", "");
  serve.OnChosen([&] { chosen = "serve"; });
  EXPECT_TRUE(line.Accepts("train --dataset x"));
  EXPECT_EQ(chosen, "train");
  EXPECT_TRUE(train.chosen());
  EXPECT_FALSE(serve.chosen());
  EXPECT_FALSE(line.Accepts("train"));  // Which lacks what is required.
  EXPECT_FALSE(line.Accepts(""));
}

TEST(CommandLine, OneOfAGroupMustBeGiven) {
  auto accepts = [](const std::string& arguments) {
    CommandLine line("");
    std::string user, users;
    Command whom = line.AddOneOf("whom");
    whom.Add("--user", user, "");
    whom.Add("--users", users, "");
    return line.Accepts(arguments);
  };
  EXPECT_TRUE(accepts("--user 1"));
  EXPECT_FALSE(accepts("--user 1 --users all"));
  EXPECT_FALSE(accepts(""));
}

TEST(CommandLine, EndsTheProgramAfterHelpAndAfterAnError) {
  CommandLine line("Does things.");
  int dim = 64;
  line.Add("--dim", dim, "Size").ShowDefault();
  testing::internal::CaptureStdout();
  EXPECT_EQ(line.Parse(2, std::array{"program", "--help"}.data()), 0);
  const std::string help = testing::internal::GetCapturedStdout();
  EXPECT_THAT(help, testing::HasSubstr("Does things."));
  EXPECT_THAT(help, testing::HasSubstr("64"));
  testing::internal::CaptureStderr();
  EXPECT_NE(line.Parse(2, std::array{"program", "--dom"}.data()), 0);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("--dom"));
  EXPECT_EQ(line.Parse(3, std::array{"program", "--dim", "8"}.data()), std::nullopt);
  EXPECT_EQ(dim, 8);
}

}  // namespace
}  // namespace shortlist
