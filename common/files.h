// Whole files: read, written all or nothing, mapped, hashed. Errors name the file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace shortlist {

absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path);

// Writes to a temporary name beside `path`, fsyncs, renames: readers see the old file or the new.
absl::Status WriteFileAtomically(const std::filesystem::path& path, std::string_view content);

// Flushes a file's or a folder's content to the disk.
absl::Status Fsync(const std::filesystem::path& path);

// Has `observer` told of every path that Fsync has flushed, for tests of what a power failure would
// leave; null: nobody. Not thread-safe.
void ObserveFsync(std::function<void(const std::filesystem::path&)> observer);

// Lets the page cache forget a file that is on the disk and that nobody has mapped: who maps it
// next has it read anew, in pages as large as there are, whatever pieces it was written in.
void ForgetPages(const std::filesystem::path& path);

// Lower-case hexadecimal SHA-256 (FIPS 180-4).
std::string Sha256(std::string_view content);
absl::StatusOr<std::string> Sha256OfFile(const std::filesystem::path& path);

// A file mapped read-only for the life of the object, in pages of 2 MiB where file system and page
// cache have them and it takes less than half of the machine's memory. Thread-safe.
class MappedFile {
 public:
  static absl::StatusOr<std::shared_ptr<const MappedFile>> Open(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::string_view content() const { return {data_, size_}; }

 private:
  MappedFile(const char* data, size_t size, size_t slot) : data_(data), size_(size), slot_(slot) {}
  const char* data_;
  size_t size_;
  size_t slot_;  // common/pages/mapped_pages.h
};

}  // namespace shortlist
