// The bytes of a file or of standard input, one after another; those of gzip (RFC 1952) and zstd
// (RFC 8878) unpacked, which is recognised by the first bytes, not by the name. Zeros after gzip,
// which tapes and block devices leave, are nothing.
//
//   ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, ByteSource::Open("events.csv.gz"));
//   ASSIGN_OR_RETURN(const size_t count, source->Read(buffer, sizeof(buffer)));
//
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace shortlist {

class ByteSource {
 public:
  // "-" is standard input. Errors name the file, here and later.
  static absl::StatusOr<std::unique_ptr<ByteSource>> Open(const std::filesystem::path& path);
  virtual ~ByteSource() = default;

  // Fills the buffer; fewer bytes than `size` only at the end. A packed file that ends too early is
  // an error.
  virtual absl::StatusOr<size_t> Read(char* buffer, size_t size) = 0;
  // Goes on reading at that byte; false where that cannot be done, as with packed files.
  virtual bool SeekTo(uint64_t) { return false; }
  // How much of the file itself, packed or not, has been read.
  virtual uint64_t file_bytes_read() const = 0;
};

// What messages call the file.
std::string SourceName(const std::filesystem::path& path);

}  // namespace shortlist
