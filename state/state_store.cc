#include "state/state_store.h"

namespace shortlist {

absl::Status StateStore::VisitItemChanges(
    int64_t /*after*/,
    const std::function<absl::Status(int64_t, const v1::ItemChange&)>& /*visit*/) const {
  return absl::UnimplementedError("this kind of state store keeps no changes of items");
}

absl::Status StateStore::SetRetention(const LogRetention& /*retention*/) {
  return absl::UnimplementedError("this kind of state store keeps its log whole");
}

}  // namespace shortlist
