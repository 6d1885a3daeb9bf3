// Keeps what this process serves up to date with the changes of items in its state store, which any
// process may record: looks for them five times a second.
//
// Thread-safe; refers to its parts, which must outlive it.
//
//   CatalogFollower follower(store, catalog, clock);
//   RETURN_IF_ERROR(follower.CatchUp());
//   follower.Start();
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/background/repeated_task.h"
#include "common/clock.h"
#include "model/live_catalog.h"
#include "state/state_store.h"

namespace shortlist {

class CatalogFollower {
 public:
  CatalogFollower(const StateStore& store, LiveCatalog& catalog, const Clock& clock)
      : store_(store), catalog_(catalog), clock_(clock) {}

  // Every change that was recorded before this was called is in what is served when it returns, and
  // no item is hidden longer than it should be. Errors are those of the store and of
  // LiveCatalog::Apply.
  absl::Status CatchUp();

  // Catches up by itself, until this goes. An error is logged once, and it is tried again.
  void Start(absl::Duration interval = absl::Milliseconds(200));

 private:
  const StateStore& store_;
  LiveCatalog& catalog_;
  const Clock& clock_;
  std::mutex mutex_;
  int64_t position_ = 0;  // Of the last change that was applied; guarded by mutex_.
  std::optional<RepeatedTask> task_;
};

}  // namespace shortlist
