#include "common/files.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/pages/large_pages.h"
#include "common/pages/mapped_pages.h"
#include "common/status_macros.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

absl::Status ErrnoStatus(const std::filesystem::path& path, std::string_view what) {
  return absl::ErrnoToStatus(errno, absl::StrCat(path.string(), ": cannot ", AbslView(what)));
}

std::function<void(const std::filesystem::path&)>& FsyncObserver() {
  static std::function<void(const std::filesystem::path&)> observer;
  return observer;
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path) {
  ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
  return std::string(file->content());
}

absl::Status Fsync(const std::filesystem::path& path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ErrnoStatus(path, "open");
  int result = ::fsync(fd);
  absl::Status status = result == 0 ? absl::OkStatus() : ErrnoStatus(path, "fsync");
  ::close(fd);
  if (status.ok() && FsyncObserver()) FsyncObserver()(path);
  return status;
}

void ObserveFsync(std::function<void(const std::filesystem::path&)> observer) {
  FsyncObserver() = std::move(observer);
}

void ForgetPages(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  ::close(fd);
}

absl::Status WriteFileAtomically(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::path temporary = path;
  temporary += absl::StrCat(".tmp.", ::getpid());
  {
    errno = 0;
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.flush();
    if (!out) return ErrnoStatus(temporary, "write");
  }
  RETURN_IF_ERROR(Fsync(temporary));
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    absl::Status status = ErrnoStatus(path, "rename to");
    ::unlink(temporary.c_str());
    return status;
  }
  return Fsync(path.has_parent_path() ? path.parent_path() : ".");
}

std::string Sha256(std::string_view content) {
  // EVP_sha256() would have OpenSSL look the algorithm up each time, which costs more than a short
  // text's digest. It is never freed, as it may be used until the process ends.
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  EVP_Digest(content.data(), content.size(), digest.data(), &size, sha256, nullptr);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), size));
}

absl::StatusOr<std::string> Sha256OfFile(const std::filesystem::path& path) {
  ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
  return Sha256(file->content());
}

absl::StatusOr<std::shared_ptr<const MappedFile>> MappedFile::Open(
    const std::filesystem::path& path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return ErrnoStatus(path, "open");
  struct stat info {};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    ::close(fd);
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": not a regular file"));
  }
  auto size = static_cast<size_t>(info.st_size);
  const void* data = nullptr;
  if (size > 0) data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
  ::close(fd);
  if (data == MAP_FAILED) return ErrnoStatus(path, "map");
  AdviseLargePages(data, size);
  const size_t slot = size > 0 ? NoteMapping(data, size, path.string()) : kNoMappingSlot;
  return std::shared_ptr<const MappedFile>(
      new MappedFile(static_cast<const char*>(data), size, slot));
}

MappedFile::~MappedFile() {
  ForgetMapping(slot_);
  if (size_ > 0) ::munmap(const_cast<char*>(data_), size_);
}

}  // namespace shortlist
