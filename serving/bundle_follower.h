// Serves the bundle that models/CURRENT names: looks once a second whether it names another,
// verifies and loads that beside the one that is served, at low priority and at a pace
// (common/background/pace.h), and puts it in its place when it has passed its checks. One that
// fails is refused: the one before is served on, and the refused one is tried again only when it is
// named anew. Or takes up a version that it is told to, and has CURRENT name it when it has passed.
//
// What to load and what to remove is decided by model/version_policy.h.
//
// Thread-safe; refers to its parts, which must outlive it.
//
//   BundleFollower follower({.models_dir = ..., .bundles = &bundles, .catalog = &catalog}, clock);
//   follower.Start();
//   RETURN_IF_ERROR(follower.Activate("20261130T104500Z-9f86d081", CanaryUse::kTry));
#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/background/repeated_task.h"
#include "common/clock.h"
#include "model/bundle_registry.h"
#include "model/live_catalog.h"

namespace shortlist {

// Whether a version is tried before it is served.
enum class CanaryUse { kTry, kSkip };

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
    // Tries the second beside the first, and says in a line what it found; it may take minutes. A
    // version before the served one is not tried: what is served may be what is wrong. Null: none
    // is.
    std::function<absl::StatusOr<std::string>(const std::shared_ptr<const Bundle>& served,
                                              const std::shared_ptr<const Bundle>& next)>
        canary;
    // After a version was taken up, all but so many are removed (PruneVersions); none: none is.
    std::optional<size_t> keep;
  };
  BundleFollower(Parts parts, const Clock& clock);

  // The bundle that CURRENT names is served when it returns OK. Otherwise the error says why it is
  // not: it names the file, or is that of the check. A version that failed is tried once more only
  // when CURRENT names it anew.
  absl::Status CatchUp();

  // Verifies, loads and tries the version, has CURRENT name it, and serves it; other processes take
  // it up when CURRENT names it. On an error CURRENT is as it was. NOT_FOUND: there is no such
  // version; FAILED_PRECONDITION: it was refused, with the reason; UNAVAILABLE: another is being
  // activated, or the service stops.
  absl::Status Activate(const std::string& version, CanaryUse canary);
  // The same, without rests, with the latest version before that which CURRENT names, but for
  // refused ones; returns which it was. FAILED_PRECONDITION: there is none before.
  absl::StatusOr<std::string> RollBack();

  struct Refusal {
    absl::Status reason;
    absl::Time time;
  };
  struct State {
    std::string taking_up;  // The version that is being verified, loaded or tried; empty: none.
    std::map<std::string, Refusal> refused;  // By version.
  };
  // Never waits for a version that is being taken up.
  State state() const;

  // Catches up by itself, until this goes. What is served, or why not, is logged once.
  void Start(absl::Duration interval = absl::Seconds(1));
  // Now, rather than when the interval has passed. After Start.
  void Hurry() { task_->Hurry(); }
  // From now on a version is taken up as fast as can be: somebody waits for this to go.
  void StopResting() { ++waiting_; }

 private:
  // These are called under mutex_.
  absl::Status CatchUpLocked();
  absl::StatusOr<std::shared_ptr<const Bundle>> Prepare(const std::string& version,
                                                        CanaryUse canary);
  absl::StatusOr<std::shared_ptr<const Bundle>> PrepareOnThisThread(
      const std::string& version, const std::shared_ptr<const Bundle>& served, CanaryUse canary);
  absl::Status Serve(const std::shared_ptr<const Bundle>& next);
  absl::Status ActivateLocked(const std::string& version, CanaryUse canary);
  void Prune() const;

  const Parts parts_;
  const Clock& clock_;
  std::atomic<bool> is_activating_ = false;
  std::atomic<int> waiting_ = 0;  // Who waits for what is done at a pace, which then has none.
  std::mutex mutex_;              // Held while a version is taken up.
  // What CURRENT was when it was last looked at; guarded by mutex_.
  std::filesystem::file_time_type seen_;
  std::string named_;
  mutable std::mutex state_mutex_;
  State state_;  // Guarded by state_mutex_.
  std::optional<RepeatedTask> task_;
};

}  // namespace shortlist
