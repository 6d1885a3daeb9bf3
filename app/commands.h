// The subcommands of the `shortlist` program, one file each. Each Add function registers its
// subcommand with its options; the program runs the one the user named.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "absl/status/status.h"

namespace shortlist {

// What the chosen subcommand does, set by its callback and run by main after parsing.
using CommandAction = std::function<absl::Status()>;

void AddEvaluateCommand(CLI::App& app, CommandAction& action);
void AddFeaturesCommand(CLI::App& app, CommandAction& action);
void AddHealthCommand(CLI::App& app, CommandAction& action);
void AddHistoryCommand(CLI::App& app, CommandAction& action);
void AddImportCommand(CLI::App& app, CommandAction& action);
void AddTrainCommand(CLI::App& app, CommandAction& action);
void AddServeCommand(CLI::App& app, CommandAction& action);
void AddRecommendCommand(CLI::App& app, CommandAction& action);
void AddReplayCommand(CLI::App& app, CommandAction& action);
void AddSimilarCommand(CLI::App& app, CommandAction& action);
void AddSynthCommand(CLI::App& app, CommandAction& action);

}  // namespace shortlist
