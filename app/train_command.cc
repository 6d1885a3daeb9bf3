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
#include "app/events/event_dataset.h"
#include "app/events/event_worth_option.h"
#include "app/ranker_options.h"
#include "common/files.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "common/work_folder.h"
#include "data/dataset.h"
#include "data/dataset_folder.h"
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
  std::string events;
  std::filesystem::path config;
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

// The data set to train on: as it is or, with --events, what `shortlist export` would write.
absl::StatusOr<Dataset> LoadTrainingData(const TrainFlags& flags) {
  const LoadOptions options{.skip_bad_rows = flags.skip_bad_rows, .worth = RulesOf(flags.worth)};
  if (flags.events.empty()) return LoadDataset(flags.dataset, options);
  ASSIGN_OR_RETURN(const EventWorth worth, ReadEventWorth(flags.config));
  ASSIGN_OR_RETURN(const std::unique_ptr<StateStore> store,
                   OpenStateStore(flags.events, StateProjection(), IfMissing::kFail));
  ASSIGN_OR_RETURN(const std::unique_ptr<WorkFolder> work, WorkFolder::Create());
  ASSIGN_OR_RETURN(const std::unique_ptr<DatasetFolder> folder,
                   DatasetFolder::Create(work->path() / "events", /*replace=*/false));
  ASSIGN_OR_RETURN(const EventDatasetCounts counts,
                   WriteEventDataset(*store, worth, flags.dataset, *folder));
  RETURN_IF_ERROR(folder->Publish());
  LogInfo(absl::StrCat(flags.events, ": ", Describe(counts)));
  return LoadDataset(work->path() / "events", {});
}

constexpr std::string_view kColumns[] = {"hit@10", "ndcg@10", "recall@20", "recall@100"};

absl::Status Train(const TrainFlags& flags) {
  if (flags.unless_published && std::filesystem::exists(flags.models / kCurrentFile)) {
    std::printf("%s has a published bundle; nothing to do\n", flags.models.c_str());
    return absl::OkStatus();
  }
  if (flags.dataset.empty() && flags.events.empty())
    return absl::InvalidArgumentError("train on what? give --dataset, --events or both");
  const absl::Time began = absl::Now();
  ASSIGN_OR_RETURN(const Dataset dataset, LoadTrainingData(flags));
  ASSIGN_OR_RETURN(BundlePublisher publisher, BundlePublisher::Begin(flags.models));
  // Opened before the long work, which would be in vain without it.
  ASSIGN_OR_RETURN(
      const std::unique_ptr<StateStore> store,
      OpenStateStore(StateOf(flags.state, flags.models), StateProjection(), IfMissing::kCreate));
  TrainingOptions options = flags.options;
  if (!flags.features.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(flags.features));
    ASSIGN_OR_RETURN(options.stages.ranker.spec, ParseFeatureSpec(text, flags.features));
  }
  ASSIGN_OR_RETURN(const TrainingReport report, TrainBundle(dataset, publisher.staging(), options));
  ASSIGN_OR_RETURN(const PublishedBundle published,
                   publisher.Publish(absl::Now(), [&] { return SeedUserStates(dataset, *store); }));
  // The log and the base came without those who were forgotten.
  if (!flags.events.empty()) RETURN_IF_ERROR(store->RemoveTombstones(began));
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
  command.Add("--dataset", flags->dataset, "Folder of a data set in RecBole's atomic form");
  command.Add(
      "--events", flags->events,
      "State store whose event log to train on; with --dataset, which it goes on from, on both");
  AddEventWorth(command, flags->config);
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
