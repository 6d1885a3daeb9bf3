// The `shortlist` program.

#include <cstdio>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "app/commands.h"
#include "common/log.h"
#include "common/pages/mapped_pages.h"

int main(int argc, char** argv) {
  // Debian's Abseil looks for cycles at every lock of gRPC's, under one lock for all threads.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  shortlist::LogToStandardError();
  shortlist::ReportUnreadablePages();
  shortlist::CommandLine app("Shortlist: a two-stage recommender service.");
  app.RequireCommand();
  shortlist::CommandAction action;
  shortlist::AddBundlesCommand(app, action);
  shortlist::AddCatalogCommand(app, action);
  shortlist::AddDescribeCommand(app, action);
  shortlist::AddEvaluateCommand(app, action);
  shortlist::AddExportCommand(app, action);
  shortlist::AddFeaturesCommand(app, action);
  shortlist::AddHealthCommand(app, action);
  shortlist::AddHistoryCommand(app, action);
  shortlist::AddImportCommand(app, action);
  shortlist::AddTrainCommand(app, action);
  shortlist::AddReplayCommand(app, action);
  shortlist::AddServeCommand(app, action);
  shortlist::AddRecommendCommand(app, action);
  shortlist::AddRecordCommand(app, action);
  shortlist::AddSimilarCommand(app, action);
  shortlist::AddStateCommand(app, action);
  shortlist::AddStatusCommand(app, action);
  shortlist::AddSynthCommand(app, action);
  shortlist::AddUserCommand(app, action);
  if (const std::optional<int> code = app.Parse(argc, argv)) return *code;
  if (absl::Status status = action(); !status.ok()) {
    std::fprintf(stderr, "shortlist: %s\n", std::string(status.message()).c_str());
    return 1;
  }
  return 0;
}
