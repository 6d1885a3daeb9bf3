// The subcommands of the `shortlist` program, one file each. Each Add function registers its
// subcommand with its options; the program runs the one the user named.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "common/command_line.h"

namespace shortlist {

// What the chosen subcommand does, set by its callback and run by main after parsing.
using CommandAction = std::function<absl::Status()>;

void AddBundlesCommand(Command& app, CommandAction& action);
void AddCatalogCommand(Command& app, CommandAction& action);
void AddDescribeCommand(Command& app, CommandAction& action);
void AddEvaluateCommand(Command& app, CommandAction& action);
void AddExportCommand(Command& app, CommandAction& action);
void AddFeaturesCommand(Command& app, CommandAction& action);
void AddHealthCommand(Command& app, CommandAction& action);
void AddHistoryCommand(Command& app, CommandAction& action);
void AddImportCommand(Command& app, CommandAction& action);
void AddTrainCommand(Command& app, CommandAction& action);
void AddServeCommand(Command& app, CommandAction& action);
void AddRecommendCommand(Command& app, CommandAction& action);
void AddRecordCommand(Command& app, CommandAction& action);
void AddReplayCommand(Command& app, CommandAction& action);
void AddSimilarCommand(Command& app, CommandAction& action);
void AddStateCommand(Command& app, CommandAction& action);
void AddStatusCommand(Command& app, CommandAction& action);
void AddSynthCommand(Command& app, CommandAction& action);
void AddUserCommand(Command& app, CommandAction& action);

}  // namespace shortlist
