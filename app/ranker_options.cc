#include "app/ranker_options.h"

#include <map>
#include <string>

namespace shortlist {

void AddRankerOptions(Command& command, RankerOptions& options) {
  static const std::map<std::string, RankerSolver> kSolvers = {{"lbfgs", RankerSolver::kLbfgs},
                                                               {"ftrl", RankerSolver::kFtrl}};
  command
      .Add(
          "--ranker-solver",
          [&options](const std::string& name) { options.solver = kSolvers.at(name); },
          "lbfgs: exact, on a sample of at most 10,000 requests; ftrl: from all that are not held "
          "out, once, in memory that does not grow")
      .OneOf({"ftrl", "lbfgs"})
      .ShowDefault("lbfgs");
  command.Add("--ranker-l1", options.l1, "L1 penalty of ftrl: the larger, the fewer weights")
      .Within(0.0, 1e9)
      .ShowDefault();
  command
      .Add("--liked-value", options.liked_value,
           "Interactions of at least this value (such as a rating) are liked")
      .Within(-1e9F, 1e9F)
      .ShowDefault();
  command
      .Add("--liked-weight", options.liked_weight,
           "How many times the ranker's training counts a liked interaction")
      .Within(0.01F, 1'000.0F)
      .ShowDefault();
  command.AddFlag("--liked-head", options.liked_head,
                  "Train a second head: how likely an interaction is to be a liked one");
  command.AddFlag(
      "--ablation", [&options] { options.variants = RankerVariants::kAblation; },
      "Train the ranker also without each group of features, and measure what it loses");
}

}  // namespace shortlist
