// What every stage of a request is told besides its message.
#pragma once

#include <memory>

#include "absl/time/time.h"
#include "model/bundle.h"
#include "serving/requests/user_resolver.h"

namespace shortlist {

struct StageCall {
  // The bundle that the request is served from.
  std::shared_ptr<const Bundle> bundle;
  // When the caller stops waiting.
  absl::Time deadline;
  // Where the stages of this process keep what they resolve; null: each for itself.
  ResolvedRequest* resolved = nullptr;
};

}  // namespace shortlist
