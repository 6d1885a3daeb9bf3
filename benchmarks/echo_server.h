// The least that a gRPC server costs: answers every call with bytes of a given size, which parse as
// a RecommendResponse, and looks at nothing. In the way our services are made: callback API, answer
// given on gRPC's own thread.
#pragma once

#include <cstddef>

namespace shortlist {

// Prints "listening on HOST:PORT" and serves until it is killed.
int ServeEcho(size_t bytes);

}  // namespace shortlist
