// shortlist evaluate: trains on one part of a data set and measures on the other, beside baselines.

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

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
  bool no_refit = false;
  std::vector<std::string> left_out;
  ExperimentOptions options;
};

nlohmann::json ResultJson(const Dataset& dataset, const EvaluateFlags& flags,
                          const ExperimentResult& result) {
  nlohmann::json json = {{"dataset", dataset.name},
                         {"split", flags.split},
                         {"users", result.users},
                         {"items", result.items},
                         {"train_interactions", result.train_interactions},
                         {"test_users", result.evaluation.users},
                         {"seed", flags.options.stages.seed},
                         {"seconds", result.seconds},
                         {"chosen", result.chosen},
                         {"skipped", result.skipped},
                         {"models", MetricsJson(result.evaluation.rows)},
                         {"intervals", IntervalsJson(result.evaluation.rows)},
                         {"rankers", RankersJson(result.rankers)},
                         {"diversity", DiversityJson(result.diversity)},
                         {"slices", nlohmann::json::object()}};
  if (result.liked_head) json["liked_head"] = LikedQualityJson(*result.liked_head);
  for (const EvaluationSlice& slice : result.evaluation.slices)
    json["slices"][slice.name] = {{"users", slice.users},
                                  {"models", MetricsJson(slice.rows)},
                                  {"intervals", IntervalsJson(slice.rows)}};
  return json;
}

absl::Status Evaluate(const EvaluateFlags& flags) {
  ASSIGN_OR_RETURN(
      const Dataset dataset,
      LoadDataset(flags.dataset, {.skip_bad_rows = flags.skip_bad_rows,
                                  .fixed_split = flags.options.split == SplitKind::kFiles}));
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
  return WriteFileAtomically(flags.json, ResultJson(dataset, flags, result).dump(2) + "\n");
}

}  // namespace

void AddEvaluateCommand(CLI::App& app, CommandAction& action) {
  auto flags = std::make_shared<EvaluateFlags>();
  CLI::App* command = app.add_subcommand(
      "evaluate", "Train on a part of a data set and measure on the rest, beside baselines.");
  command->add_option("--dataset", flags->dataset, "Folder of a data set in RecBole's atomic form")
      ->required();
  std::vector<std::string> splits;
  for (const auto& [name, kind] : kSplits) splits.push_back(name);
  command
      ->add_option("--split", flags->split,
                   "leave-one-out: each user's last interaction is the test; per-user: the last "
                   "20 % of each; temporal: the last 10 % of all; files: NAME.train.inter, "
                   "NAME.valid.inter (optional) and NAME.test.inter")
      ->check(CLI::IsMember(splits))
      ->capture_default_str();
  command
      ->add_option("--cutoffs", flags->options.evaluator.cutoffs, "Lengths of the lists measured")
      ->delimiter(',')
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  command->add_option("--json", flags->json, "File to write the results to")
      ->check(OutputFileProblem);
  command
      ->add_option("--without", flags->left_out,
                   "Models to leave out, of: " + absl::StrJoin(kExperimentModels, ", "))
      ->delimiter(',')
      ->check(CLI::IsMember(
          std::vector<std::string>(std::begin(kExperimentModels), std::end(kExperimentModels))));
  command
      ->add_option("--unseen-users", flags->options.unseen_users,
                   "Share of the users that training does not see; they ask with five items of "
                   "history and are reported apart, and so are the others with as few")
      ->check(CLI::Range(0.0, 0.9))
      ->capture_default_str();
  command
      ->add_option("--diversity", flags->options.diversities,
                   "Settings of the re-ranking rule `diversity` to measure both stages with, such "
                   "as 0,0.3,1")
      ->delimiter(',')
      ->check(CLI::Range(0.0, 1.0));
  command
      ->add_option("--liked-worth", flags->options.liked_worths,
                   "Value functions to order both stages' answers by, such as 0,1,3: what a liked "
                   "interaction is worth beside 1 for any; trains the second head")
      ->delimiter(',')
      ->check(CLI::Range(0.0, 1e6));
  AddTimeBudget(*command, flags->options.stages.towers.time_budget);
  AddRankerOptions(*command, flags->options.stages.ranker);
  command->add_flag("--no-refit", flags->no_refit,
                    "Measure what was fitted to the training part alone, not to validation too");
  AddSkipBadRows(*command, flags->skip_bad_rows);
  AddSeed(*command, flags->options.stages.seed);
  AddThreads(*command, flags->options.threads);
  command->callback([flags, &action] {
    flags->options.split = kSplits.at(flags->split);
    flags->options.left_out = {flags->left_out.begin(), flags->left_out.end()};
    flags->options.refit = !flags->no_refit;
    if (!flags->options.liked_worths.empty()) flags->options.stages.ranker.liked_head = true;
    action = [flags] { return Evaluate(*flags); };
  });
}

}  // namespace shortlist
