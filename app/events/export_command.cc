// shortlist export: the event log of a state store as a data set.

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "app/commands.h"
#include "app/events/event_dataset.h"
#include "app/events/event_worth_option.h"
#include "common/status_macros.h"
#include "common/text/counts.h"
#include "data/dataset_folder.h"
#include "state/state_stores.h"

namespace shortlist {
namespace {

struct ExportFlags {
  std::string events;
  std::filesystem::path dataset, out, config;
  bool force = false;
};

absl::Status Export(const ExportFlags& flags) {
  ASSIGN_OR_RETURN(const EventWorth worth, ReadEventWorth(flags.config));
  ASSIGN_OR_RETURN(const std::unique_ptr<StateStore> store,
                   OpenStateStore(flags.events, StateProjection(), IfMissing::kFail));
  ASSIGN_OR_RETURN(const std::unique_ptr<DatasetFolder> folder,
                   DatasetFolder::Create(flags.out, flags.force));
  ASSIGN_OR_RETURN(const EventDatasetCounts counts,
                   WriteEventDataset(*store, worth, flags.dataset, *folder));
  RETURN_IF_ERROR(folder->Publish());
  std::printf("Wrote %s: %s\n", flags.out.c_str(), Describe(counts).c_str());
  return absl::OkStatus();
}

}  // namespace

void AddExportCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<ExportFlags>();
  Command command = app.AddCommand(
      "export",
      "Write the event log as a data set in RecBole's atomic form, as train --events reads it.");
  command
      .Add("--events", flags->events,
           "State store: a SQLite file, or another as in `serve --state`")
      .Required();
  command.Add("--dataset", flags->dataset, "Data set that the log goes on from [none]");
  command.Add("--out", flags->out, "Folder of the data set; made").Required();
  AddEventWorth(command, flags->config);
  command.AddFlag("--force", flags->force, "Replace a data set that is there");
  command.OnChosen([flags, &action] { action = [flags] { return Export(*flags); }; });
}

}  // namespace shortlist
