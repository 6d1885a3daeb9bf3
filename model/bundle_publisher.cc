#include "model/bundle_publisher.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "model/bundle.h"
#include "model/manifest.h"

namespace shortlist {

BundlePublisher::BundlePublisher(std::filesystem::path models_dir, std::filesystem::path staging)
    : models_dir_(std::move(models_dir)), staging_(std::move(staging)) {}

BundlePublisher::BundlePublisher(BundlePublisher&& other) noexcept
    : models_dir_(std::move(other.models_dir_)), staging_(std::exchange(other.staging_, {})) {}

BundlePublisher::~BundlePublisher() {
  std::error_code ignored;
  if (!staging_.empty()) std::filesystem::remove_all(staging_, ignored);
}

absl::StatusOr<BundlePublisher> BundlePublisher::Begin(const std::filesystem::path& models_dir) {
  std::error_code error;
  std::filesystem::create_directories(models_dir, error);
  std::string staging = (models_dir / ".staging-XXXXXX").string();
  if (error || ::mkdtemp(staging.data()) == nullptr)
    return absl::PermissionDeniedError(
        absl::StrCat(models_dir.string(), ": cannot make a folder there"));
  std::filesystem::permissions(staging, std::filesystem::perms{0755}, error);
  return BundlePublisher(models_dir, staging);
}

absl::StatusOr<PublishedBundle> BundlePublisher::Publish(absl::Time now) {
  ASSIGN_OR_RETURN(Manifest manifest, WriteManifest(staging_));
  for (const ManifestEntry& file : manifest.files) RETURN_IF_ERROR(Fsync(staging_ / file.name));
  RETURN_IF_ERROR(Fsync(staging_));
  const std::string version =
      absl::StrCat(absl::FormatTime("%Y%m%dT%H%M%SZ", now, absl::UTCTimeZone()), "-",
                   manifest.bundle_id.substr(0, 8));
  const std::filesystem::path folder = models_dir_ / version;
  std::error_code error;
  std::filesystem::rename(staging_, folder, error);
  if (error) return absl::InternalError(absl::StrCat(folder.string(), ": ", error.message()));
  staging_.clear();
  RETURN_IF_ERROR(Fsync(models_dir_));
  // CURRENT never names what could not be served.
  RETURN_IF_ERROR(LoadBundle(folder).status());
  RETURN_IF_ERROR(WriteFileAtomically(models_dir_ / kCurrentFile, version + "\n"));
  return PublishedBundle{.id = manifest.bundle_id, .folder = folder};
}

}  // namespace shortlist
