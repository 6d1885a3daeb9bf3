#include "serving/catalog/catalog_follower.h"

#include <vector>

#include "common/logged_once.h"
#include "common/status_macros.h"
#include "serving/requests/item_messages.h"

namespace shortlist {

absl::Status CatalogFollower::CatchUp() {
  std::lock_guard lock(mutex_);
  std::vector<ItemChange> changes;
  int64_t last = position_;
  RETURN_IF_ERROR(
      store_.VisitItemChanges(position_, [&](int64_t position, const v1::ItemChange& change) {
        changes.push_back(FromMessage(change));
        last = position;
        return absl::OkStatus();
      }));
  // What cannot be applied is remembered: it is not read again.
  position_ = last;
  const int64_t now_ms = absl::ToUnixMillis(clock_());
  absl::Status status;
  if (!changes.empty()) status = catalog_.Apply(changes, now_ms);
  if (catalog_.NextDue() <= now_ms) status.Update(catalog_.Refresh(now_ms));
  return status;
}

void CatalogFollower::Start(absl::Duration interval) {
  task_.emplace(interval, LoggedOnce("changes of the catalog are", [this] { return CatchUp(); }));
}

}  // namespace shortlist
