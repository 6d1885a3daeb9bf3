// shortlist train: from a data set to a published bundle and the state of its users.

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "app/commands.h"
#include "app/common_options.h"
#include "app/ranker_options.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "data/dataset.h"
#include "data/past_request.h"
#include "evaluation/evaluation_report.h"
#include "model/bundle.h"
#include "model/bundle_publisher.h"
#include "model/feature_spec_text.h"
#include "state/state_stores.h"
#include "training/bundle_trainer.h"

namespace shortlist {
namespace {

struct TrainFlags {
  std::filesystem::path dataset;
  std::filesystem::path models;
  std::string state;
  bool skip_bad_rows = false;
  WorthFlags worth;
  TrainingOptions options;
  std::string features;
  bool no_refit = false;
  bool unless_published = false;
};

// Replaces the store's seeds by the users of the data set.
absl::Status SeedUserStates(const Dataset& dataset, StateStore& store) {
  size_t position = 0;
  uint32_t user = 0;
  return store.ReplaceSeeds([&](UserState& state) {
    if (user == dataset.user_ids.size()) return false;
    size_t end = position;
    while (end < dataset.interactions.size() && dataset.interactions[end].user == user) ++end;
    state = StateOf(dataset, user++, position, end);
    position = end;
    return true;
  });
}

constexpr std::string_view kColumns[] = {"hit@10", "ndcg@10", "recall@20", "recall@100"};

absl::Status Train(const TrainFlags& flags) {
  if (flags.unless_published && std::filesystem::exists(flags.models / kCurrentFile)) {
    std::printf("%s has a published bundle; nothing to do\n", flags.models.c_str());
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Dataset dataset,
                   LoadDataset(flags.dataset, {.skip_bad_rows = flags.skip_bad_rows,
                                               .worth = RulesOf(flags.worth)}));
  ASSIGN_OR_RETURN(BundlePublisher publisher, BundlePublisher::Begin(flags.models));
  // Opened before the long work, which would be in vain without it.
  ASSIGN_OR_RETURN(const std::unique_ptr<StateStore> store,
                   OpenStateStore(StateOf(flags.state, flags.models), StateProjection(),
                                  IfMissing::kCreate));
  TrainingOptions options = flags.options;
  if (!flags.features.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(flags.features));
    ASSIGN_OR_RETURN(options.stages.ranker.spec, ParseFeatureSpec(text, flags.features));
  }
  ASSIGN_OR_RETURN(const TrainingReport report, TrainBundle(dataset, publisher.staging(), options));
  ASSIGN_OR_RETURN(const PublishedBundle published, publisher.Publish(absl::Now()));
  RETURN_IF_ERROR(SeedUserStates(dataset, *store));
  std::printf("Measured on the last interactions of %zu users, which training had not seen:\n%s\n",
              report.evaluation.users, FormatRows(report.evaluation.rows, kColumns).c_str());
  if (report.liked_head)
    std::printf("Of what they took up: %s\n", FormatLikedQuality(*report.liked_head).c_str());
  std::printf("Published %s\n  bundle %s\n  trained in %.0f s%s\n", published.folder.c_str(),
              published.id.c_str(), report.seconds,
              flags.options.refit ? "; its towers were trained once more, on everything" : "");
  return absl::OkStatus();
}

}  // namespace

void AddTrainCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<TrainFlags>();
  Command command =
      app.AddCommand("train", "Train both stages on a data set and publish the bundle.");
  command.Add("--dataset", flags->dataset, "Folder of a data set in RecBole's atomic form")
      .Required();
  command.Add("--models", flags->models, "Folder of the bundles; made if missing").Required();
  AddState(command, flags->state);
  AddSkipBadRows(command, flags->skip_bad_rows);
  AddWorth(command, flags->worth);
  AddSeed(command, flags->options.stages.seed);
  AddThreads(command, flags->options.threads);
  command
      .Add("--dim", flags->options.stages.towers.dim,
           "Size of the embeddings; 0: chosen from the data")
      .Within(0, 1024)
      .ShowDefault();
  command
      .Add("--epochs", flags->options.stages.towers.max_epochs,
           "Epochs of the towers at most; 0: chosen from the data")
      .Within(0, 10'000)
      .ShowDefault();
  AddTimeBudget(command, flags->options.stages.towers.time_budget);
  AddRankerOptions(command, flags->options.stages.ranker);
  command.Add("--features", flags->features,
              "Feature spec, as protobuf text [derived from the data set]");
  command.AddFlag("--no-refit", flags->no_refit,
                  "Serve the towers that were measured, without training once more on all data");
  command.AddFlag("--unless-published", flags->unless_published,
                  "Do nothing when the models folder has a published bundle");
  command.OnChosen([flags, &action] {
    flags->options.refit = !flags->no_refit;
    action = [flags] { return Train(*flags); };
  });
}

}  // namespace shortlist
