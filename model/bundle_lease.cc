#include "model/bundle_lease.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "model/manifest.h"

namespace shortlist {
namespace {

// An open file, which is closed, and so unlocked, in the end.
class OpenFile {
 public:
  explicit OpenFile(const std::filesystem::path& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int fd() const { return fd_; }

 private:
  const int fd_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const void>> LeaseVersion(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kManifestFile;
  auto file = std::make_shared<const OpenFile>(path);
  if (file->fd() < 0)
    return absl::ErrnoToStatus(errno, absl::StrCat(path.string(), ": cannot open"));
  if (::flock(file->fd(), LOCK_SH | LOCK_NB) == 0) return file;
  if (errno == EWOULDBLOCK)
    return absl::UnavailableError(absl::StrCat(folder.string(), ": is being removed"));
  return std::shared_ptr<const void>();
}

std::shared_ptr<const void> LockUnusedVersion(const std::filesystem::path& folder) {
  auto file = std::make_shared<const OpenFile>(folder / kManifestFile);
  if (file->fd() < 0) return nullptr;
  // Without locks nobody has a lease.
  if (::flock(file->fd(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return nullptr;
  return file;
}

}  // namespace shortlist
