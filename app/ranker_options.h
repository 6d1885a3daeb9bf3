// The flags of how the ranker is trained, of every command that trains one.
#pragma once

#include <CLI/CLI.hpp>

#include "learning/ranker/ranker_trainer.h"

namespace shortlist {

// `options` must live until the flags are parsed.
void AddRankerOptions(CLI::App& command, RankerOptions& options);

}  // namespace shortlist
