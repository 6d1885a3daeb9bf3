#include "model/live_catalog.h"

#include <string_view>
#include <vector>

#include "common/status_macros.h"

namespace shortlist {

absl::Status LiveCatalog::Apply(std::span<const ItemChange> changes, int64_t now_ms) {
  std::lock_guard lock(mutex_);
  std::set<std::string_view> ids;
  for (const ItemChange& change : changes) {
    ItemState& state = changes_[change.item_id];
    if (change.kind == ItemChange::Kind::kHide) {
      due_.erase({state.hidden_until_ms, change.item_id});
      if (change.hidden_until_ms > now_ms) due_.emplace(change.hidden_until_ms, change.item_id);
    }
    shortlist::Apply(change, state);
    ids.insert(change.item_id);
  }
  return Update(ids, now_ms);
}

int64_t LiveCatalog::NextDue() const {
  std::lock_guard lock(mutex_);
  return due_.empty() ? std::numeric_limits<int64_t>::max() : due_.begin()->first;
}

absl::Status LiveCatalog::Refresh(int64_t now_ms) {
  std::lock_guard lock(mutex_);
  std::vector<std::string> due;
  while (!due_.empty() && due_.begin()->first <= now_ms)
    due.push_back(std::move(due_.extract(due_.begin()).value().second));
  return Update({due.begin(), due.end()}, now_ms);
}

absl::Status LiveCatalog::Replace(std::shared_ptr<const Bundle> trained, int64_t now_ms) {
  std::lock_guard lock(mutex_);
  Served next{.trained = std::move(trained), .live = nullptr};
  std::shared_ptr<const Bundle> bundle = next.trained;
  if (!changes_.empty()) {
    ASSIGN_OR_RETURN(bundle, Update(next, {}, now_ms));
  }
  if (current_.trained == nullptr) current_.trained = bundles_.Current();
  bundles_.Replace(std::move(bundle));
  previous_ = std::exchange(current_, std::move(next));
  return absl::OkStatus();
}

size_t LiveCatalog::size() const {
  std::lock_guard lock(mutex_);
  return changes_.size();
}

absl::Status LiveCatalog::Update(const std::set<std::string_view>& ids, int64_t now_ms) {
  if (ids.empty()) return absl::OkStatus();
  if (current_.trained == nullptr) current_.trained = bundles_.Current();
  absl::Status status;
  for (Served* served : {&current_, &previous_}) {
    if (served->trained == nullptr) continue;
    absl::StatusOr<std::shared_ptr<const Bundle>> bundle = Update(*served, ids, now_ms);
    if (bundle.ok()) {
      bundles_.Update(*std::move(bundle));
    } else {
      status.Update(bundle.status());
      served->live = nullptr;  // The next one is made from all changes.
    }
  }
  return status;
}

absl::StatusOr<std::shared_ptr<const Bundle>> LiveCatalog::Update(
    Served& served, const std::set<std::string_view>& ids, int64_t now_ms) const {
  std::vector<LiveBundle::Item> items;
  if (served.live != nullptr && !served.live->IsMostlyHidden()) {
    for (std::string_view id : ids) items.push_back({id, &changes_.find(id)->second});
    return served.live->Apply(items, now_ms);
  }
  ASSIGN_OR_RETURN(served.live, LiveBundle::Make(served.trained));
  for (const auto& [id, state] : changes_) items.push_back({id, &state});
  return served.live->Apply(items, now_ms);
}

}  // namespace shortlist
