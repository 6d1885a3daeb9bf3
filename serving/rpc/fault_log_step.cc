#include "serving/rpc/fault_log_step.h"

#include "spdlog/spdlog.h"

namespace shortlist {

bool IsOurFault(const absl::Status& status) {
  switch (status.code()) {
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
    spdlog::error("request from {} failed: {}", call.peer(), status.ToString());
}

}  // namespace shortlist
