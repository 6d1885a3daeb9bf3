// The file of a feature log, which entries are added to. An entry is written in one piece and a
// part of one is taken back, so that neither a process that is killed nor a full disk leaves half
// of one, after which nothing could be read. Not thread-safe.
//
//   ASSIGN_OR_RETURN(std::unique_ptr<FeatureLog> log, FeatureLog::Open("features.log"));
//   RETURN_IF_ERROR(log->Add(entry));
#pragma once

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shortlist/v1/feature_log.pb.h"

namespace shortlist {

class FeatureLog {
 public:
  // Goes on after the entries that are there. UNAVAILABLE names a file that cannot be written.
  static absl::StatusOr<std::unique_ptr<FeatureLog>> Open(const std::string& path);

  const std::string& path() const { return path_; }

  // UNAVAILABLE: the entry is lost, the file is as it was.
  absl::Status Add(const v1::FeatureLogEntry& entry);

 private:
  explicit FeatureLog(const std::string& path);

  const std::string path_;
  std::ofstream file_;
  uintmax_t size_ = 0;  // Of the file, in whole entries.
};

}  // namespace shortlist
