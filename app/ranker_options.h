// The flags of how the ranker is trained, of every command that trains one.
#pragma once

#include "common/command_line.h"
#include "learning/ranker/ranker_trainer.h"

namespace shortlist {

// `options` must live until the flags are parsed.
void AddRankerOptions(Command& command, RankerOptions& options);

}  // namespace shortlist
