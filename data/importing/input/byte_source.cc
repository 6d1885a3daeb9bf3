#include "data/importing/input/byte_source.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/text/strings.h"

namespace shortlist {
namespace {

constexpr size_t kPackedBytes = 256 << 10;
constexpr std::string_view kGzipMagic = "\x1F\x8B";
constexpr std::string_view kZstdMagic = "\x28\xB5\x2F\xFD";

// The bytes as they are in the file. The first few can be looked at in advance.
class PlainFile final : public ByteSource {
 public:
  PlainFile(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  ~PlainFile() override {
    if (fd_ != STDIN_FILENO) ::close(fd_);
  }
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;

  absl::Status Peek() {
    char bytes[kZstdMagic.size()];
    ASSIGN_OR_RETURN(const size_t count, ReadFromFile(bytes, sizeof(bytes)));
    peeked_.assign(bytes, count);
    return absl::OkStatus();
  }
  std::string_view peeked() const { return peeked_; }
  const std::string& name() const { return name_; }

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    const size_t known = std::min(size, peeked_.size());
    std::memcpy(buffer, peeked_.data(), known);
    peeked_.erase(0, known);
    ASSIGN_OR_RETURN(const size_t rest, ReadFromFile(buffer + known, size - known));
    bytes_read_ += known + rest;
    return known + rest;
  }
  bool SeekTo(uint64_t position) override {
    if (::lseek(fd_, static_cast<off_t>(position), SEEK_SET) < 0) return false;
    peeked_.clear();
    return true;
  }
  uint64_t file_bytes_read() const override { return bytes_read_; }

 private:
  absl::StatusOr<size_t> ReadFromFile(char* buffer, size_t size) {
    size_t filled = 0;
    while (filled < size) {
      const ssize_t count = ::read(fd_, buffer + filled, size - filled);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return absl::ErrnoToStatus(errno, absl::StrCat(name_, ": cannot read"));
      if (count == 0) break;
      filled += static_cast<size_t>(count);
    }
    return filled;
  }

  int fd_;
  std::string name_;
  std::string peeked_;
  uint64_t bytes_read_ = 0;
};

// What both forms of packing share: a buffer of packed bytes that is filled as it gets empty.
class PackedFile : public ByteSource {
 public:
  explicit PackedFile(std::unique_ptr<PlainFile> file)
      : file_(std::move(file)), packed_(kPackedBytes) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t size) final {
    size_t filled = 0;
    while (filled < size) {
      if (begin_ == end_) {
        begin_ = 0;
        ASSIGN_OR_RETURN(end_, file_->Read(packed_.data(), packed_.size()));
      }
      // Even with nothing left to unpack there may be unpacked bytes that had no room.
      const size_t before = filled;
      RETURN_IF_ERROR(Unpack(buffer, size, filled));
      if (end_ == 0 && filled == before) {
        if (in_frame_) return Error("the file ends in the middle");
        break;
      }
    }
    return filled;
  }
  uint64_t file_bytes_read() const final { return file_->file_bytes_read(); }

 protected:
  // Unpacks from [begin_, end_) of packed_ to [filled, size) of `buffer`, as much as fits.
  virtual absl::Status Unpack(char* buffer, size_t size, size_t& filled) = 0;
  absl::Status Error(std::string_view reason) const {
    return absl::DataLossError(absl::StrCat(file_->name(), ": ", AbslView(reason)));
  }

  std::unique_ptr<PlainFile> file_;
  std::vector<char> packed_;
  size_t begin_ = 0;
  size_t end_ = 0;
  bool in_frame_ = true;  // Whether more must come.
};

class GzipFile final : public PackedFile {
 public:
  explicit GzipFile(std::unique_ptr<PlainFile> file) : PackedFile(std::move(file)) {
    // The largest window, and nothing but gzip's own header.
    constexpr int kGzipOnly = MAX_WBITS + 16;
    initialised_ = ::inflateInit2(&stream_, kGzipOnly) == Z_OK;
  }
  ~GzipFile() override { ::inflateEnd(&stream_); }
  GzipFile(const GzipFile&) = delete;
  GzipFile& operator=(const GzipFile&) = delete;

 private:
  absl::Status Unpack(char* buffer, size_t size, size_t& filled) override {
    if (!initialised_) return Error("no memory for unpacking");
    if (!in_frame_) {  // Another part of the same file follows, or zeros, as from a tape.
      while (begin_ < end_ && packed_[begin_] == 0) ++begin_;
      if (begin_ == end_) return absl::OkStatus();
      ::inflateReset(&stream_);
      in_frame_ = true;
    }
    stream_.next_in = reinterpret_cast<Bytef*>(packed_.data() + begin_);
    stream_.avail_in = static_cast<uInt>(end_ - begin_);
    stream_.next_out = reinterpret_cast<Bytef*>(buffer + filled);
    stream_.avail_out = static_cast<uInt>(std::min<size_t>(size - filled, 1 << 30));
    const uInt room = stream_.avail_out;
    const int result = ::inflate(&stream_, Z_NO_FLUSH);
    begin_ = end_ - stream_.avail_in;
    filled += room - stream_.avail_out;
    if (result == Z_STREAM_END)
      in_frame_ = false;
    else if (result != Z_OK && result != Z_BUF_ERROR)
      return Error(absl::StrCat("damaged gzip data: ",
                                stream_.msg != nullptr ? stream_.msg : "unknown reason"));
    return absl::OkStatus();
  }

  z_stream stream_{};
  bool initialised_;
};

class ZstdFile final : public PackedFile {
 public:
  explicit ZstdFile(std::unique_ptr<PlainFile> file)
      : PackedFile(std::move(file)), stream_(::ZSTD_createDStream()) {}
  ~ZstdFile() override { ::ZSTD_freeDStream(stream_); }
  ZstdFile(const ZstdFile&) = delete;
  ZstdFile& operator=(const ZstdFile&) = delete;

 private:
  absl::Status Unpack(char* buffer, size_t size, size_t& filled) override {
    if (begin_ == end_ && !in_frame_) return absl::OkStatus();
    ZSTD_inBuffer in{packed_.data(), end_, begin_};
    ZSTD_outBuffer out{buffer, size, filled};
    const size_t left = ::ZSTD_decompressStream(stream_, &out, &in);
    if (::ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge)
      return Error("the zstd window takes more than 128 MiB; unpack it with zstd -d --long=31");
    if (::ZSTD_isError(left))
      return Error(absl::StrCat("damaged zstd data: ", ::ZSTD_getErrorName(left)));
    begin_ = in.pos;
    filled = out.pos;
    in_frame_ = left != 0;
    return absl::OkStatus();
  }

  ZSTD_DStream* stream_;
};

}  // namespace

std::string SourceName(const std::filesystem::path& path) {
  return path == "-" ? "standard input" : path.string();
}

absl::StatusOr<std::unique_ptr<ByteSource>> ByteSource::Open(const std::filesystem::path& path) {
  const int fd = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat(path.string(), ": cannot open"));
  auto file = std::make_unique<PlainFile>(fd, SourceName(path));
  RETURN_IF_ERROR(file->Peek());
  const std::string_view start = file->peeked();
  if (start.starts_with(kGzipMagic)) return std::make_unique<GzipFile>(std::move(file));
  if (start.starts_with(kZstdMagic)) return std::make_unique<ZstdFile>(std::move(file));
  return file;
}

}  // namespace shortlist
