// Flags that several commands have. What they write to must live until the flags are parsed, and
// holds the default.
#pragma once

#include <cstddef>
#include <cstdint>

#include <CLI/CLI.hpp>

namespace shortlist {

void AddTimeBudget(CLI::App& command, double& seconds);
void AddSkipBadRows(CLI::App& command, bool& skip_bad_rows);
void AddSeed(CLI::App& command, uint64_t& seed);
void AddThreads(CLI::App& command, size_t& threads);

}  // namespace shortlist
