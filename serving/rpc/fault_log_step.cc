#include "serving/rpc/fault_log_step.h"

#include "absl/strings/str_cat.h"
#include "common/log.h"

namespace shortlist {

bool IsOurFault(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kFailedPrecondition:  // Such as rules that do not fit the bundle.
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnknown:
      return true;
    default:
      return false;
  }
}

void FaultLogStep::OnEnd(const Call& call, const absl::Status& status) const {
  if (IsOurFault(status))
    LogError(absl::StrCat("request from ", call.peer(), " failed: ", status.ToString()));
}

}  // namespace shortlist
