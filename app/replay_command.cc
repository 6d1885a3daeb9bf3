// shortlist replay: computes the features of logged requests once more and compares.

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "app/commands.h"
#include "app/common_options.h"
#include "common/status_macros.h"
#include "model/bundle.h"
#include "serving/feature_log/feature_log_reader.h"
#include "serving/feature_log/feature_replay.h"
#include "state/state_stores.h"

namespace shortlist {
namespace {

struct ReplayFlags {
  std::string log;
  std::filesystem::path models;
  std::string state;
};

// The bundle with this id, wherever in the folder.
absl::StatusOr<std::shared_ptr<const Bundle>> FindBundle(const std::filesystem::path& models,
                                                         const std::string& id) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(models, error)) {
    // A version's name ends with the beginning of its bundle's id.
    const std::string name = entry.path().filename().string();
    const size_t dash = name.rfind('-');
    if (!entry.is_directory() || dash == std::string::npos ||
        !id.starts_with(name.substr(dash + 1)))
      continue;
    ASSIGN_OR_RETURN(std::shared_ptr<const Bundle> bundle, LoadBundle(entry.path()));
    if (bundle->id == id) return bundle;
  }
  return absl::NotFoundError(absl::StrCat(models.string(), ": has no bundle ", id));
}

absl::Status Replay(const ReplayFlags& flags) {
  ASSIGN_OR_RETURN(const std::unique_ptr<FeatureLogReader> log, FeatureLogReader::Open(flags.log));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<StateStore> states,
      OpenStateStore(StateOf(flags.state, flags.models), StateProjection(), IfMissing::kFail));
  std::map<std::string, std::shared_ptr<const Bundle>> bundles;
  size_t entries = 0, candidates = 0, values = 0;
  v1::FeatureLogEntry entry;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, log->Next(entry));
    if (!more) break;
    ++entries;
    std::shared_ptr<const Bundle>& bundle = bundles[entry.request().bundle_id()];
    if (bundle == nullptr) {
      ASSIGN_OR_RETURN(bundle, FindBundle(flags.models, entry.request().bundle_id()));
    }
    if (const absl::Status status = ReplayFeatures(entry, *bundle, *states); !status.ok())
      return absl::Status(status.code(),
                          absl::StrCat(flags.log, ": entry ", entries, ": ", status.message()));
    candidates += static_cast<size_t>(entry.features_size());
    for (const v1::FeatureVector& vector : entry.features())
      values += static_cast<size_t>(vector.values_size());
  }
  std::printf("%zu requests, %zu candidates, %zu feature values: equal bit for bit\n", entries,
              candidates, values);
  return absl::OkStatus();
}

}  // namespace

void AddReplayCommand(Command& app, CommandAction& action) {
  auto flags = std::make_shared<ReplayFlags>();
  Command command = app.AddCommand(
      "replay", "Compute the features of logged requests once more, and compare bit for bit.");
  command.Add("--log", flags->log, "The log: feature_log of the service's configuration")
      .Required();
  command.Add("--models", flags->models, "Folder of the bundles").Required();
  AddState(command, flags->state);
  command.OnChosen([flags, &action] { action = [flags] { return Replay(*flags); }; });
}

}  // namespace shortlist
