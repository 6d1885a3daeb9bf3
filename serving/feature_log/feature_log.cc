#include "serving/feature_log/feature_log.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/delimited_message_util.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace shortlist {

absl::StatusOr<std::unique_ptr<FeatureLog>> FeatureLog::Open(const std::string& path) {
  errno = 0;
  std::unique_ptr<FeatureLog> log(new FeatureLog(path));
  const int reason = errno;
  std::error_code error;
  log->size_ = std::filesystem::file_size(path, error);
  if (!log->file_ || error)
    return absl::UnavailableError(
        absl::StrCat(path, ": cannot be written: ",
                     error ? error.message() : std::generic_category().message(reason)));
  return log;
}

FeatureLog::FeatureLog(const std::string& path) : path_(path) {
  file_.rdbuf()->pubsetbuf(nullptr, 0);  // Each entry goes to the file in one piece.
  file_.open(path, std::ios::binary | std::ios::app);
}

absl::Status FeatureLog::Add(const v1::FeatureLogEntry& entry) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::util::SerializeDelimitedToZeroCopyStream(entry, &stream);
  }
  errno = 0;
  if (file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    size_ += bytes.size();
    return absl::OkStatus();
  }
  const int reason = errno;
  file_.clear();
  std::error_code error;
  std::filesystem::resize_file(path_, size_, error);
  return absl::UnavailableError(
      absl::StrCat(path_, ": cannot be written: ", std::generic_category().message(reason)));
}

}  // namespace shortlist
