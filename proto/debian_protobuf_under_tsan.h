#ifndef SHORTLIST_PROTO_DEBIAN_PROTOBUF_UNDER_TSAN_H_
#define SHORTLIST_PROTO_DEBIAN_PROTOBUF_UNDER_TSAN_H_

// Included in front of every file when it is built with -fsanitize=thread, by the precompiled
// headers (cmake/precompiled/core.h). protobuf 3.21 gives map fields two more members under TSan;
// Debian's library is built without it, so the two would disagree about where the members of a map
// field are. The standard headers come first: they keep their annotations.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#undef __SANITIZE_THREAD__
#include <google/protobuf/map_field.h>
#define __SANITIZE_THREAD__ 1

#endif  // SHORTLIST_PROTO_DEBIAN_PROTOBUF_UNDER_TSAN_H_
