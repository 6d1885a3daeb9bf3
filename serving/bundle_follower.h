// Serves the bundle that models/CURRENT names: looks once a second whether it names another, loads
// that beside the one that is served, and puts it in its place when it has passed its checks. One
// that fails is left out, and the one before is served on.
//
// Thread-safe; refers to its parts, which must outlive it.
//
//   BundleFollower follower({.models_dir = ..., .bundles = &bundles, .catalog = &catalog}, clock);
//   follower.Start();
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/repeated_task.h"
#include "model/bundle_registry.h"
#include "model/live_catalog.h"

namespace shortlist {

class BundleFollower {
 public:
  struct Parts {
    std::filesystem::path models_dir;
    const BundleRegistry* bundles;
    LiveCatalog* catalog;
    // Whether the second bundle may take the place of the first, which is served. Null: any may.
    std::function<absl::Status(const std::shared_ptr<const Bundle>& served,
                               const std::shared_ptr<const Bundle>& next)>
        check;
  };
  BundleFollower(Parts parts, const Clock& clock);

  // The bundle that CURRENT names is served when it returns OK. Otherwise the error says why it is
  // not: it names the file, or is that of the check. A version that failed is tried once more only
  // when CURRENT names it anew.
  absl::Status CatchUp();

  // Catches up by itself, until this goes. What is served, or why not, is logged once.
  void Start(absl::Duration interval = absl::Seconds(1));
  // Now, rather than when the interval has passed. After Start.
  void Hurry() { task_->Hurry(); }

 private:
  const Parts parts_;
  const Clock& clock_;
  std::mutex mutex_;
  // What CURRENT was when it was last looked at, and what came of it; guarded by mutex_.
  std::filesystem::file_time_type seen_;
  std::string tried_;
  absl::Status result_;
  std::optional<RepeatedTask> task_;
};

}  // namespace shortlist
