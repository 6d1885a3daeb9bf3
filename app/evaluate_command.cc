// shortlist evaluate: trains on one part of a data set and measures on the other, beside baselines.
// With several seeds it does that once for each, and says what of the figures is chance.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "app/commands.h"
#include "app/common_options.h"
#include "app/ranker_options.h"
#include "app/seed_list.h"
#include "common/files.h"
#include "common/log.h"
#include "common/output_file.h"
#include "common/status_macros.h"
#include "data/dataset.h"
#include "data/split_summary.h"
#include "evaluation/evaluation_report.h"
#include "evaluation/list_dump.h"
#include "evaluation/seed_summary.h"
#include "training/experiment.h"
#include "training/new_item_experiment.h"
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
  std::filesystem::path lists;
  std::string seeds;
  bool skip_bad_rows = false;
  WorthFlags worth;
  bool no_refit = false;
  std::vector<std::string> left_out;
  double new_items = 0;
  ExperimentOptions options;
};

// Before anything is trained.
absl::Status CheckCutoffs(std::vector<size_t> cutoffs) {
  std::sort(cutoffs.begin(), cutoffs.end());
  const auto twice = std::adjacent_find(cutoffs.begin(), cutoffs.end());
  if (twice == cutoffs.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--cutoffs: ", *twice, " is there twice"));
}

absl::Status CheckCompared(const EvaluatorOptions& options) {
  if (options.compared.empty() || IsUserMetric(options.compared, options.cutoffs))
    return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--compare ", options.compared,
                   ": must be hit, recall, ndcg, mrr or map at one of the cutoffs, such as ndcg@",
                   MainCutoff(options.cutoffs)));
}

void PrintHeader(const Dataset& dataset, const EvaluateFlags& flags,
                 const ExperimentResult& result) {
  std::printf("%s, %s: trained on %zu interactions, tested on %zu users, %zu items ranked\n%s\n",
              dataset.name.c_str(), flags.split.c_str(), result.train_interactions,
              result.evaluation.users, result.items, FormatSplitSummary(result.split).c_str());
}

// What the names of the rows mean.
void PrintRowNote(const ExperimentResult& result) {
  if (result.refit_interactions > 0)
    std::printf(
        "\nRows without _refit know the training part alone: only they compare with papers.\n"
        "Those with it were fitted once more, to training and validation (%zu interactions),\n"
        "as what is served is.\n",
        result.refit_interactions);
  else
    std::printf("\nAll rows know the training part alone, as those of papers do.\n");
}

void Print(const ExperimentResult& result) {
  std::printf("%s", FormatEvaluation(result.evaluation, SplitCaption(result.split)).c_str());
  PrintRowNote(result);
  const char* models = result.refit_interactions > 0 ? ", refitted" : "";
  if (!result.rankers.empty())
    std::printf("\nRankers on the candidates of stage one%s:\n%s", models,
                FormatRankers(result.rankers).c_str());
  if (!result.diversity.empty())
    std::printf("\nBoth stages%s, re-ranked:\n%s", models,
                FormatDiversity(result.diversity).c_str());
  if (!result.rungs.empty())
    std::printf("\nThe rungs of the degradation ladder%s:\n%s", models,
                FormatRungs(result.rungs).c_str());
  if (result.liked_head)
    std::printf("\nThe head for liked items%s:\n%s", models,
                FormatLikedQuality(*result.liked_head).c_str());
  if (!result.chosen.empty()) std::printf("\nChosen on the validation part:\n");
  for (const auto& [model, setting] : result.chosen)
    std::printf("  %s: %s\n", model.c_str(), setting.c_str());
  for (const auto& [model, reason] : result.skipped)
    std::printf("\n%s is left out: %s\n", model.c_str(), reason.c_str());
  std::printf("\nSeconds:");
  for (const auto& [what, seconds] : result.seconds) std::printf(" %s %.1f", what.c_str(), seconds);
  std::printf("\n");
}

absl::Status EvaluateOnce(const Dataset& dataset, const EvaluateFlags& flags) {
  ExperimentOptions options = flags.options;
  std::optional<ListDump> dump;
  if (!flags.lists.empty()) {
    dump.emplace(flags.lists, dataset);
    options.evaluator.on_lists = [&](const std::string& model, std::span<const TestCase> cases,
                                     const RankedLists& lists) { dump->Add(model, cases, lists); };
  }
  ASSIGN_OR_RETURN(const ExperimentResult result, RunExperiment(dataset, options));
  PrintHeader(dataset, flags, result);
  Print(result);
  if (dump) RETURN_IF_ERROR(dump->Finish());
  if (flags.json.empty()) return absl::OkStatus();
  return WriteFileAtomically(flags.json, ExperimentJson(dataset, flags.split, options, result));
}

absl::Status EvaluateSeeds(const Dataset& dataset, const EvaluateFlags& flags) {
  ASSIGN_OR_RETURN(const std::vector<uint64_t> seeds, ParseSeeds(flags.seeds));
  std::vector<ExperimentResult> results;
  std::vector<Evaluation> evaluations;
  for (uint64_t seed : seeds) {
    ExperimentOptions options = flags.options;
    options.stages.seed = seed;
    ASSIGN_OR_RETURN(ExperimentResult result, RunExperiment(dataset, options));
    evaluations.push_back(result.evaluation);
    results.push_back(std::move(result));
    // What there is already is not lost if a later seed fails.
    if (!flags.json.empty())
      RETURN_IF_ERROR(WriteFileAtomically(
          flags.json, SeedsJson(dataset, flags.split, flags.options, seeds, results)));
    const Evaluation& evaluation = results.back().evaluation;
    std::string line = absl::StrCat("seed ", seed, " (", results.size(), " of ", seeds.size(),
                                    "), ", evaluation.compared, ":");
    for (const EvaluationRow& row : evaluation.rows)
      absl::StrAppendFormat(&line, " %s %.4f", row.model, row[evaluation.compared]);
    absl::StrAppendFormat(&line, "; %.0f s", results.back().seconds.at("total"));
    LogInfo(line);
  }
  PrintHeader(dataset, flags, results.front());
  std::printf(
      "%s", FormatSeeds(SummariseSeeds(evaluations), SplitCaption(results.front().split)).c_str());
  PrintRowNote(results.front());
  // A model is in the tables if every seed has it.
  for (size_t s = 0; s < seeds.size(); ++s)
    for (const auto& [model, reason] : results[s].skipped)
      std::printf("\nseed %llu: %s is left out: %s\n", static_cast<unsigned long long>(seeds[s]),
                  model.c_str(), reason.c_str());
  return absl::OkStatus();
}

void PrintNewItems(const Dataset& dataset, const EvaluateFlags& flags,
                   std::span<const NewItemResult> results) {
  const NewItemResult& first = results.front();
  std::printf("%s, %s: %zu of %zu items held out, trained on %zu interactions with the others\n",
              dataset.name.c_str(), flags.split.c_str(), first.new_items, first.items,
              first.train_interactions);
  const std::string metric = absl::StrCat("recall@", MainCutoff(first.among_new.cutoffs));
  for (const auto& [caption, evaluation] :
       {std::pair("only new items are ranked", &NewItemResult::among_new),
        std::pair("all items are ranked", &NewItemResult::whole_catalog)}) {
    std::vector<Evaluation> evaluations;
    for (const NewItemResult& result : results) evaluations.push_back(result.*evaluation);
    std::printf("\n%s", FormatSeeds(SummariseSeeds(evaluations),
                                    absl::StrCat(evaluations.front().users, " users, ", caption))
                            .c_str());
    for (const char* stages : {"", "two_stage_"}) {
      if (stages[0] != '\0' && !first.has_both_stages) continue;
      double sum = 0;
      std::string by_seed;
      for (const NewItemResult& result : results) {
        const double share = ShareOfTrained(result.*evaluation, metric, stages);
        sum += share;
        absl::StrAppendFormat(&by_seed, " %.3f", share);
      }
      std::printf(
          "(%sfrom_content - random) / (%strained_with_them - random) of %s: %.3f; by seed:%s\n",
          stages, stages, metric.c_str(), sum / static_cast<double>(results.size()),
          by_seed.c_str());
    }
  }
  std::vector<Evaluation> all;
  for (const NewItemResult& result : results) all.push_back(result.all_relevant);
  std::printf("\n%s", FormatSeeds(SummariseSeeds(all),
                                  absl::StrCat(all.front().users,
                                               " users, all items are relevant and ranked"))
                          .c_str());
  for (const NewItemResult& result : results)
    if (result.without_content > 0)
      std::printf("%zu of %zu new items have nothing that training has seen\n",
                  result.without_content, result.new_items);
}

absl::Status EvaluateNewItems(const Dataset& dataset, const EvaluateFlags& flags) {
  std::vector<uint64_t> seeds = {flags.options.stages.seed};
  if (!flags.seeds.empty()) {
    ASSIGN_OR_RETURN(seeds, ParseSeeds(flags.seeds));
  }
  std::vector<NewItemResult> results;
  for (const uint64_t seed : seeds) {
    NewItemOptions options{.share = flags.new_items,
                           .split = flags.options.split,
                           .evaluator = flags.options.evaluator,
                           .stages = flags.options.stages,
                           .threads = flags.options.threads};
    options.stages.seed = seed;
    ASSIGN_OR_RETURN(NewItemResult result, RunNewItemExperiment(dataset, options));
    results.push_back(std::move(result));
    if (!flags.json.empty())
      RETURN_IF_ERROR(WriteFileAtomically(
          flags.json,
          NewItemsJson(dataset, flags.split, std::span(seeds).first(results.size()), results)));
  }
  PrintNewItems(dataset, flags, results);
  return absl::OkStatus();
}

absl::Status Evaluate(const EvaluateFlags& flags) {
  RETURN_IF_ERROR(CheckCutoffs(flags.options.evaluator.cutoffs));
  RETURN_IF_ERROR(CheckCompared(flags.options.evaluator));
  ASSIGN_OR_RETURN(
      const Dataset dataset,
      LoadDataset(flags.dataset, {.skip_bad_rows = flags.skip_bad_rows,
                                  .fixed_split = flags.options.split == SplitKind::kFiles,
                                  .worth = RulesOf(flags.worth)}));
  std::fprintf(stderr, "%s: %zu users, %zu items, %zu interactions\n", dataset.name.c_str(),
               dataset.user_ids.size(), dataset.items.ids.size(), dataset.interactions.size());
  if (flags.new_items > 0) return EvaluateNewItems(dataset, flags);
  return flags.seeds.empty() ? EvaluateOnce(dataset, flags) : EvaluateSeeds(dataset, flags);
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
  const CommandOption lists =
      command
          .Add("--dump-lists", flags->lists,
               "File to write every model's ranked list for every test user to, as lines of JSON; "
               "scripts/score_lists computes the metrics from it")
          .Check(OutputFileProblem);
  command.Add("--compare", flags->options.evaluator.compared,
              "Metric by which the last model is compared with the others, such as recall@20; "
              "default: NDCG at 10, or at the first cutoff");
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
      .Add("--new-items", flags->new_items,
           "Share of the items to hold out with all their interactions: measures, in place of "
           "all else, how well items that training has not seen are placed by their content")
      .Within(0.0, 0.9)
      .Excludes(lists);
  command
      .Add("--diversity", flags->options.diversities,
           "Settings of the re-ranking rule `diversity` to measure both stages with, such "
           "as 0,0.3,1")
      .Separated(',')
      .Within(0.0, 1.0);
  command.AddFlag("--rungs", flags->options.rungs,
                  "Measure what each rung of the degradation ladder costs in quality");
  command
      .Add("--liked-worth", flags->options.liked_worths,
           "Value functions to order both stages' answers by, such as 0,1,3: what a liked "
           "interaction is worth beside 1 for any; trains the second head")
      .Separated(',')
      .Within(0.0, 1e6);
  AddTimeBudget(command, flags->options.stages.towers.time_budget);
  AddRankerOptions(command, flags->options.stages.ranker);
  command.AddFlag("--no-refit", flags->no_refit,
                  "Measure only what was fitted to the training part alone, which papers print, "
                  "and not what was fitted once more to training and validation");
  AddSkipBadRows(command, flags->skip_bad_rows);
  AddWorth(command, flags->worth);
  const CommandOption seed = AddSeed(command, flags->options.stages.seed);
  command
      .Add("--seeds", flags->seeds,
           "Seeds to train with one after the other, such as 1..5 or 1,2,7: prints means and "
           "standard deviations")
      .Check([](const std::string& text) {
        const auto parsed = ParseSeeds(text);
        return parsed.ok() ? "" : std::string(parsed.status().message());
      })
      .Excludes(seed)
      .Excludes(lists);
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
