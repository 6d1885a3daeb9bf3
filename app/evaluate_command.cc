// shortlist evaluate: trains on one part of a data set and measures on the other, beside baselines.

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "app/commands.h"
#include "app/common_options.h"
#include "app/ranker_options.h"
#include "common/files.h"
#include "common/output_file.h"
#include "common/status_macros.h"
#include "data/dataset.h"
#include "evaluation/evaluation_report.h"
#include "training/experiment.h"
#include "training/report_json.h"

namespace shortlist {
namespace {

const std::map<std::string, SplitKind> kSplits = {{"leave-one-out", SplitKind::kLeaveOneOut},
                                                  {"per-user", SplitKind::kPerUser},
                                                  {"temporal", SplitKind::kTemporal},
                                                  {"files", SplitKind::kFiles}};

struct EvaluateFlags {
  std::filesystem::path dataset;
  std::string split = "per-user";
  std::filesystem::path json;
  bool skip_bad_rows = false;
  WorthFlags worth;
  bool no_refit = false;
  std::vector<std::string> left_out;
  ExperimentOptions options;
};

absl::Status Evaluate(const EvaluateFlags& flags) {
  ASSIGN_OR_RETURN(
      const Dataset dataset,
      LoadDataset(flags.dataset, {.skip_bad_rows = flags.skip_bad_rows,
                                  .fixed_split = flags.options.split == SplitKind::kFiles,
                                  .worth = RulesOf(flags.worth)}));
  std::fprintf(stderr, "%s: %zu users, %zu items, %zu interactions\n", dataset.name.c_str(),
               dataset.user_ids.size(), dataset.items.ids.size(), dataset.interactions.size());
  ASSIGN_OR_RETURN(const ExperimentResult result, RunExperiment(dataset, flags.options));
  std::printf("%s, %s: trained on %zu interactions, tested on %zu users, %zu items ranked\n\n%s",
              dataset.name.c_str(), flags.split.c_str(), result.train_interactions,
              result.evaluation.users, result.items, FormatEvaluation(result.evaluation).c_str());
  if (!result.rankers.empty())
    std::printf("\nRankers on the candidates of stage one:\n%s",
                FormatRankers(result.rankers).c_str());
  if (!result.diversity.empty())
    std::printf("\nBoth stages re-ranked:\n%s", FormatDiversity(result.diversity).c_str());
  if (result.liked_head)
    std::printf("\nThe head for liked items:\n%s", FormatLikedQuality(*result.liked_head).c_str());
  if (!result.chosen.empty()) std::printf("\nChosen on the validation part:\n");
  for (const auto& [model, setting] : result.chosen)
    std::printf("  %s: %s\n", model.c_str(), setting.c_str());
  for (const auto& [model, reason] : result.skipped)
    std::printf("\n%s is left out: %s\n", model.c_str(), reason.c_str());
  std::printf("\nSeconds:");
  for (const auto& [what, seconds] : result.seconds) std::printf(" %s %.1f", what.c_str(), seconds);
  std::printf("\n");
  if (flags.json.empty()) return absl::OkStatus();
  return WriteFileAtomically(flags.json,
                             ExperimentJson(dataset, flags.split, flags.options, result));
}

}  // namespace

void AddEvaluateCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<EvaluateFlags>();
  Command command = app.AddCommand(
      "evaluate", "Train on a part of a data set and measure on the rest, beside baselines.");
  command.Add("--dataset", flags->dataset, "Folder of a data set in RecBole's atomic form")
      .Required();
  std::vector<std::string> splits;
  for (const auto& [name, kind] : kSplits) splits.push_back(name);
  command
      .Add("--split", flags->split,
           "leave-one-out: each user's last interaction is the test; per-user: the last "
           "20 % of each; temporal: the last 10 % of all; files: NAME.train.inter, "
           "NAME.valid.inter (optional) and NAME.test.inter")
      .OneOf(splits)
      .ShowDefault();
  command.Add("--cutoffs", flags->options.evaluator.cutoffs, "Lengths of the lists measured")
      .Separated(',')
      .Within(1, 1'000)
      .ShowDefault();
  command.Add("--json", flags->json, "File to write the results to").Check(OutputFileProblem);
  command
      .Add("--without", flags->left_out,
           "Models to leave out, of: " + absl::StrJoin(kExperimentModels, ", "))
      .Separated(',')
      .OneOf({std::begin(kExperimentModels), std::end(kExperimentModels)});
  command
      .Add("--unseen-users", flags->options.unseen_users,
           "Share of the users that training does not see; they ask with five items of "
           "history and are reported apart, and so are the others with as few")
      .Within(0.0, 0.9)
      .ShowDefault();
  command
      .Add("--diversity", flags->options.diversities,
           "Settings of the re-ranking rule `diversity` to measure both stages with, such "
           "as 0,0.3,1")
      .Separated(',')
      .Within(0.0, 1.0);
  command
      .Add("--liked-worth", flags->options.liked_worths,
           "Value functions to order both stages' answers by, such as 0,1,3: what a liked "
           "interaction is worth beside 1 for any; trains the second head")
      .Separated(',')
      .Within(0.0, 1e6);
  AddTimeBudget(command, flags->options.stages.towers.time_budget);
  AddRankerOptions(command, flags->options.stages.ranker);
  command.AddFlag("--no-refit", flags->no_refit,
                  "Measure what was fitted to the training part alone, not to validation too");
  AddSkipBadRows(command, flags->skip_bad_rows);
  AddWorth(command, flags->worth);
  AddSeed(command, flags->options.stages.seed);
  AddThreads(command, flags->options.threads);
  command.OnChosen([flags, &action] {
    flags->options.split = kSplits.at(flags->split);
    flags->options.left_out = {flags->left_out.begin(), flags->left_out.end()};
    flags->options.refit = !flags->no_refit;
    if (!flags->options.liked_worths.empty()) flags->options.stages.ranker.liked_head = true;
    action = [flags] { return Evaluate(*flags); };
  });
}

}  // namespace shortlist
