#include "state/state_store.h"

namespace shortlist {

absl::Status StateStore::VisitLog(
    int64_t /*after*/,
    const std::function<absl::Status(int64_t, const v1::LogEntry&)>& /*visit*/) const {
  return absl::UnimplementedError("this kind of state store keeps events in no order");
}

absl::Status StateStore::SetRetention(const LogRetention& /*retention*/) {
  return absl::UnimplementedError("this kind of state store keeps its log whole");
}

}  // namespace shortlist
