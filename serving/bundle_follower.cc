#include "serving/bundle_follower.h"

#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/background/low_priority.h"
#include "common/background/pace.h"
#include "common/field_path.h"
#include "common/files.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "model/bundle.h"
#include "model/bundle_versions.h"
#include "model/manifest.h"
#include "model/version_policy.h"

namespace shortlist {
namespace {

// What taking up a version may use of one core: requests should not notice, and it must end.
constexpr double kShareOfCore = 0.1;

}  // namespace

BundleFollower::BundleFollower(Parts parts, const Clock& clock)
    : parts_(std::move(parts)), clock_(clock) {}

absl::Status BundleFollower::CatchUp() {
  const std::lock_guard lock(mutex_);
  return CatchUpLocked();
}

absl::Status BundleFollower::CatchUpLocked() {
  std::error_code error;
  const auto written = std::filesystem::last_write_time(parts_.models_dir / kCurrentFile, error);
  ASSIGN_OR_RETURN(const std::string version, CurrentVersion(parts_.models_dir));
  const bool is_named_anew = version != named_ || written != seen_;
  named_ = version;
  seen_ = written;
  VersionState state{.current = version, .served = parts_.bundles->Current()->version};
  absl::Status refusal;
  {
    const std::lock_guard state_lock(state_mutex_);
    const auto refused = state_.refused.find(version);
    if (!is_named_anew && refused != state_.refused.end()) {
      refusal = refused->second.reason;
      state.refused.insert(version);
    }
  }
  const std::string load = PlanVersions(state).load;
  if (load.empty()) return version == state.served ? absl::OkStatus() : refusal;
  ASSIGN_OR_RETURN(const std::shared_ptr<const Bundle> next, Prepare(load, CanaryUse::kTry));
  // That took a while: somebody may have gone back meanwhile.
  if (CurrentVersion(parts_.models_dir).value_or(load) != load) return CatchUpLocked();
  return Serve(next);
}

absl::StatusOr<std::shared_ptr<const Bundle>> BundleFollower::Prepare(const std::string& version,
                                                                      CanaryUse canary) {
  {
    const std::lock_guard lock(state_mutex_);
    state_.taking_up = version;
  }
  const std::shared_ptr<const Bundle> served = parts_.bundles->Current();
  absl::StatusOr<std::shared_ptr<const Bundle>> next = absl::UnknownError("");
  // A version before the served one is not tried, and who goes back waits for it.
  const bool is_before = version < served->version;
  if (is_before) {
    canary = CanaryUse::kSkip;
    ++waiting_;
  }
  RunAtLowPriority([&] {
    const Pace pace(kShareOfCore, waiting_);
    next = PrepareOnThisThread(version, served, canary);
  });
  if (is_before) --waiting_;
  const std::lock_guard lock(state_mutex_);
  state_.taking_up.clear();
  if (next.ok()) {
    state_.refused.erase(version);
  } else {
    state_.refused[version] = {.reason = next.status(), .time = clock_()};
  }
  return next;
}

absl::StatusOr<std::shared_ptr<const Bundle>> BundleFollower::PrepareOnThisThread(
    const std::string& version, const std::shared_ptr<const Bundle>& served, CanaryUse canary) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Bundle> next,
                   LoadBundle(parts_.models_dir / version, /*threads=*/1));
  if (parts_.check) RETURN_IF_ERROR(parts_.check(served, next));
  if (!parts_.canary || canary == CanaryUse::kSkip) return next;
  ASSIGN_OR_RETURN(const std::string found, parts_.canary(served, next));
  LogInfo(absl::StrCat("version ", version, " has passed the canary: ", found));
  return next;
}

absl::Status BundleFollower::Serve(const std::shared_ptr<const Bundle>& next) {
  absl::Status status = parts_.catalog->Replace(next, absl::ToUnixMillis(clock_()));
  if (!status.ok()) {
    const std::lock_guard lock(state_mutex_);
    state_.refused[next->version] = {.reason = status, .time = clock_()};
    return status;
  }
  Prune();
  return status;
}

absl::Status BundleFollower::Activate(const std::string& version, CanaryUse canary) {
  const FieldPath field{nullptr, "version"};
  if (version.empty() || version.starts_with('.') ||
      std::filesystem::path(version).filename() != version)
    return Invalid(field, "is not the name of a version");
  std::error_code error;
  if (!std::filesystem::exists(parts_.models_dir / version / kManifestFile, error))
    return absl::NotFoundError(
        absl::StrCat("version: ", parts_.models_dir.string(), " has no version \"", version, "\""));
  if (is_activating_.exchange(true))
    return absl::UnavailableError("another version is being activated here; try again later");
  const absl::Cleanup done = [this] { is_activating_ = false; };
  ++waiting_;  // For what another thread is taking up.
  const std::lock_guard lock(mutex_);
  --waiting_;
  return ActivateLocked(version, canary);
}

absl::StatusOr<std::string> BundleFollower::RollBack() {
  std::set<std::string> refused;
  for (const State now = state(); const auto& [version, refusal] : now.refused)
    refused.insert(version);
  ASSIGN_OR_RETURN(const std::string version, VersionBeforeCurrent(parts_.models_dir, refused));
  RETURN_IF_ERROR(Activate(version, CanaryUse::kTry));
  return version;
}

absl::Status BundleFollower::ActivateLocked(const std::string& version, CanaryUse canary) {
  std::shared_ptr<const Bundle> next;
  if (parts_.bundles->Current()->version != version) {
    absl::StatusOr<std::shared_ptr<const Bundle>> prepared = Prepare(version, canary);
    if (absl::IsUnavailable(prepared.status())) return prepared.status();
    if (!prepared.ok())
      return absl::FailedPreconditionError(
          absl::StrCat("version ", version, " is not served: ", prepared.status().message()));
    next = *std::move(prepared);
  }
  const std::filesystem::path current = parts_.models_dir / kCurrentFile;
  const std::string before = ReadFile(current).value_or("");
  if (before != version + "\n") RETURN_IF_ERROR(WriteFileAtomically(current, version + "\n"));
  if (next == nullptr) return absl::OkStatus();
  absl::Status status = Serve(next);
  // Unless somebody has named another meanwhile.
  if (!status.ok() && CurrentVersion(parts_.models_dir).value_or("") == version)
    RETURN_IF_ERROR(WriteFileAtomically(current, before));
  return status;
}

void BundleFollower::Prune() const {
  if (!parts_.keep) return;
  const absl::StatusOr<std::vector<std::string>> removed =
      PruneVersions(parts_.models_dir, *parts_.keep);
  if (!removed.ok())
    LogError(absl::StrCat("old versions cannot be removed: ", removed.status().ToString()));
  else if (!removed->empty())
    LogInfo(absl::StrCat("removed old versions: ", absl::StrJoin(*removed, ", ")));
}

BundleFollower::State BundleFollower::state() const {
  const std::lock_guard lock(state_mutex_);
  return state_;
}

void BundleFollower::Start(absl::Duration interval) {
  Prune();
  std::string served = parts_.bundles->Current()->version;
  task_.emplace(interval, [this, last = absl::Status(), served = std::move(served)]() mutable {
    const absl::Status status = CatchUp();
    if (!status.ok() && status != last)
      LogError(absl::StrCat("version ", parts_.bundles->Current()->version,
                            " is served on: ", status.ToString()));
    last = status;
    const std::shared_ptr<const Bundle> now = parts_.bundles->Current();
    if (now->version == served) return;
    served = now->version;
    LogInfo(absl::StrCat("version ", served, " is served, bundle ", now->id));
  });
}

}  // namespace shortlist
