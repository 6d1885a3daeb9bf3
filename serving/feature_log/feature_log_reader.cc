#include "serving/feature_log/feature_log_reader.h"

#include <google/protobuf/util/delimited_message_util.h>

#include "absl/strings/str_cat.h"

namespace shortlist {

absl::StatusOr<std::unique_ptr<FeatureLogReader>> FeatureLogReader::Open(const std::string& path) {
  std::unique_ptr<FeatureLogReader> reader(new FeatureLogReader(path));
  if (!reader->file_) return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
  return reader;
}

FeatureLogReader::FeatureLogReader(const std::string& path)
    : path_(path), file_(path, std::ios::binary), stream_(&file_) {}

absl::StatusOr<bool> FeatureLogReader::Next(v1::FeatureLogEntry& entry) {
  entry.Clear();
  bool clean_end = false;
  if (google::protobuf::util::ParseDelimitedFromZeroCopyStream(&entry, &stream_, &clean_end)) {
    ++entries_;
    return true;
  }
  if (clean_end) return false;
  return absl::DataLossError(absl::StrCat(path_, ": entry ", entries_ + 1, " is cut off or none"));
}

}  // namespace shortlist
