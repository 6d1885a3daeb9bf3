// Reads a feature log, one entry after another. Not thread-safe.
//
//   ASSIGN_OR_RETURN(std::unique_ptr<FeatureLogReader> log,
//   FeatureLogReader::Open("features.log")); v1::FeatureLogEntry entry; while (true) {
//     ASSIGN_OR_RETURN(const bool more, log->Next(entry));
//     if (!more) break;
//     ...
//   }
#pragma once

#include <google/protobuf/io/zero_copy_stream_impl.h>

#include <cstddef>
#include <fstream>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "shortlist/v1/feature_log.pb.h"

namespace shortlist {

class FeatureLogReader {
 public:
  // NOT_FOUND when the file cannot be opened.
  static absl::StatusOr<std::unique_ptr<FeatureLogReader>> Open(const std::string& path);

  // Replaces `entry` by the next one; false when there is none. DATA_LOSS names the entry when the
  // file ends within it or is no feature log.
  absl::StatusOr<bool> Next(v1::FeatureLogEntry& entry);

 private:
  explicit FeatureLogReader(const std::string& path);

  const std::string path_;
  std::ifstream file_;
  google::protobuf::io::IstreamInputStream stream_;
  size_t entries_ = 0;
};

}  // namespace shortlist
