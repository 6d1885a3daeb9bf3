// Work that must not disturb requests: the next bundle is verified, loaded and tried by one thread
// that gives way to all others.
#pragma once

#include "absl/functional/function_ref.h"

namespace shortlist {

// Runs the task on a thread of its own, of a lower priority than this one (nice 10), and returns
// when it is done.
void RunAtLowPriority(absl::FunctionRef<void()> task);

}  // namespace shortlist
