// Flags that several commands have. What they write to must live until the flags are parsed, and
// holds the default.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/command_line.h"
#include "data/dataset_spec.h"

namespace shortlist {

// What interactions are worth: --positive and --negative.
struct WorthFlags {
  std::vector<std::string> positive, negative;
};

void AddTimeBudget(Command& command, double& seconds);
void AddSkipBadRows(Command& command, bool& skip_bad_rows);
void AddWorth(Command& command, WorthFlags& flags);
// The rules that the flags say, none where they were not given. The flags must have been checked.
std::vector<WorthRule> RulesOf(const WorthFlags& flags);
CommandOption AddSeed(Command& command, uint64_t& seed);
void AddThreads(Command& command, size_t& threads);
// --state; StateOf is where that is.
CommandOption AddState(Command& command, std::string& state);
std::string StateOf(const std::string& state, const std::filesystem::path& models);

}  // namespace shortlist
