// What every stage of a request is told besides its message.
#pragma once

#include <memory>

#include "absl/time/time.h"
#include "model/bundle.h"

namespace shortlist {

struct StageCall {
  // The bundle that the request is served from.
  std::shared_ptr<const Bundle> bundle;
  // When the caller stops waiting.
  absl::Time deadline;
};

}  // namespace shortlist
