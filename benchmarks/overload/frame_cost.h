// What the steps of the frame around a call cost (serving/rpc/call_step.h), without gRPC.
#pragma once

#include <cstddef>

namespace shortlist {

// Processor time in nanoseconds a call, of all the steps that a server has, with a rate limit that
// lets every call pass, and of taking the times that they need. In one thread.
double FrameCost(size_t calls);

}  // namespace shortlist
