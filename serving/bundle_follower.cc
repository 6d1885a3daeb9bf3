#include "serving/bundle_follower.h"

#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "model/bundle.h"

namespace shortlist {

BundleFollower::BundleFollower(Parts parts, const Clock& clock)
    : parts_(std::move(parts)), clock_(clock), tried_(parts_.bundles->Current()->version) {}

absl::Status BundleFollower::CatchUp() {
  std::lock_guard lock(mutex_);
  std::error_code error;
  const auto written = std::filesystem::last_write_time(parts_.models_dir / kCurrentFile, error);
  ASSIGN_OR_RETURN(const std::string version, CurrentVersion(parts_.models_dir));
  const std::shared_ptr<const Bundle> served = parts_.bundles->Current();
  if (version == served->version) {
    tried_ = version;
    return result_ = absl::OkStatus();
  }
  if (version == tried_ && written == seen_) return result_;
  seen_ = written;
  tried_ = version;
  const auto replace = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::shared_ptr<const Bundle> next,
                     LoadBundle(parts_.models_dir / version));
    if (parts_.check) RETURN_IF_ERROR(parts_.check(served, next));
    return parts_.catalog->Replace(next, absl::ToUnixMillis(clock_()));
  };
  return result_ = replace();
}

void BundleFollower::Start(absl::Duration interval) {
  std::string served = parts_.bundles->Current()->version;
  task_.emplace(interval, [this, last = absl::Status(), served = std::move(served)]() mutable {
    const absl::Status status = CatchUp();
    if (!status.ok() && status != last)
      LogError(absl::StrCat("version ", served, " is served on: ", status.ToString()));
    last = status;
    const std::shared_ptr<const Bundle> now = parts_.bundles->Current();
    if (now->version == served) return;
    served = now->version;
    LogInfo(absl::StrCat("version ", served, " is served, bundle ", now->id));
  });
}

}  // namespace shortlist
