// Logs the calls that ended with an error that is not the caller's doing.
#pragma once

#include "serving/rpc/call_step.h"

namespace shortlist {

// Whether a status says that something is wrong here.
bool IsOurFault(const absl::Status& status);

class FaultLogStep : public CallStep {
 public:
  void OnEnd(const Call& call, const absl::Status& status) const override;
};

}  // namespace shortlist
