#include "model/bundle_publisher.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "model/bundle.h"
#include "model/manifest.h"

namespace shortlist {

namespace {

constexpr char kStagingPrefix[] = ".staging-";

// An open folder with an exclusive lock, which goes with the process that holds it; -1 where
// another process holds it, or the folder is gone.
int LockFolder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  if (fd >= 0) ::close(fd);
  return -1;
}

// Removes what publishers left that were killed: staging folders that nobody holds.
void SweepStagingFolders(const std::filesystem::path& models_dir) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(models_dir, error)) {
    if (!entry.path().filename().string().starts_with(kStagingPrefix)) continue;
    const int lock = LockFolder(entry.path());
    if (lock < 0) continue;
    std::filesystem::remove_all(entry.path(), error);
    ::close(lock);
  }
}

}  // namespace

BundlePublisher::BundlePublisher(std::filesystem::path models_dir, std::filesystem::path staging,
                                 int lock)
    : models_dir_(std::move(models_dir)), staging_(std::move(staging)), lock_(lock) {}

BundlePublisher::BundlePublisher(BundlePublisher&& other) noexcept
    : models_dir_(std::move(other.models_dir_)),
      staging_(std::exchange(other.staging_, {})),
      lock_(std::exchange(other.lock_, -1)) {}

BundlePublisher::~BundlePublisher() {
  std::error_code ignored;
  if (!staging_.empty()) std::filesystem::remove_all(staging_, ignored);
  if (lock_ >= 0) ::close(lock_);
}

absl::StatusOr<BundlePublisher> BundlePublisher::Begin(const std::filesystem::path& models_dir) {
  std::error_code error;
  std::filesystem::create_directories(models_dir, error);
  if (error) return absl::ErrnoToStatus(error.value(), models_dir.string());
  SweepStagingFolders(models_dir);
  // Another process that sweeps may take a new folder before it is locked: then another is made.
  for (int attempt = 0; attempt < 10; ++attempt) {
    std::string staging = (models_dir / (std::string(kStagingPrefix) + "XXXXXX")).string();
    if (::mkdtemp(staging.data()) == nullptr)
      return absl::ErrnoToStatus(errno,
                                 absl::StrCat(models_dir.string(), ": cannot make a folder there"));
    const int lock = LockFolder(staging);
    if (lock < 0) continue;
    BundlePublisher publisher(models_dir, staging, lock);
    std::filesystem::permissions(staging, std::filesystem::perms{0755}, error);
    if (!error) return publisher;
  }
  return absl::UnavailableError(
      absl::StrCat(models_dir.string(), ": other processes remove the folders made there"));
}

absl::StatusOr<PublishedBundle> BundlePublisher::Publish(
    absl::Time now, absl::FunctionRef<absl::Status()> before_current) {
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
  RETURN_IF_ERROR(before_current());
  RETURN_IF_ERROR(WriteFileAtomically(models_dir_ / kCurrentFile, version + "\n"));
  return PublishedBundle{.id = manifest.bundle_id, .folder = folder};
}

}  // namespace shortlist
