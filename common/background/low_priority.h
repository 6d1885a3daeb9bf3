// Threads whose work must not disturb requests: that verify, load and try the next bundle, or
// record what was answered.
#pragma once

#include "absl/functional/function_ref.h"

namespace shortlist {

// Lowers the priority of this thread, for good: adds to its niceness.
void LowerPriority(int niceness);

// Runs the task on a thread of its own, of the lowest priority (nice 19), from which others take
// the core as soon as they wake, and returns when it is done.
void RunAtLowPriority(absl::FunctionRef<void()> task);

}  // namespace shortlist
