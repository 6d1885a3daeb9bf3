// Flags that several commands have. What they write to must live until the flags are parsed, and
// holds the default.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/command_line.h"

namespace shortlist {

void AddTimeBudget(Command& command, double& seconds);
void AddSkipBadRows(Command& command, bool& skip_bad_rows);
CommandOption AddSeed(Command& command, uint64_t& seed);
void AddThreads(Command& command, size_t& threads);

}  // namespace shortlist
