// Logs what the ranker saw of some requests: every interval-th one, written by a thread of its own.
// The request path copies the message of a sampled request and does nothing else; the thread
// computes the features as the ranker did, from the same message and bundle by the same code.
// Requests that come faster than they can be written are left out, and how many were is logged.
//
// Thread-safe. Destruction writes what is waiting.
//
//   ASSIGN_OR_RETURN(std::unique_ptr<FeatureLog> log, FeatureLog::Open("features.log", 1000));
//   log->Offer(request, bundle);
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "model/bundle.h"
#include "shortlist/v1/feature_log.pb.h"
#include "shortlist/v1/ranking.pb.h"

namespace shortlist {

// What the ranker sees of the request, by candidate. `entry` has its request.
void ComputeLoggedFeatures(const Bundle& bundle, v1::FeatureLogEntry& entry);

class FeatureLog {
 public:
  // Adds to the file. `interval` is 1 or more. UNAVAILABLE names a file that cannot be written.
  static absl::StatusOr<std::unique_ptr<FeatureLog>> Open(const std::string& path, int interval);
  ~FeatureLog();

  // Takes every interval-th request, beginning with the first. `request` is valid and fits the
  // bundle.
  void Offer(const v1::RankRequest& request, const std::shared_ptr<const Bundle>& bundle);

 private:
  struct Sample {
    v1::FeatureLogEntry entry;
    std::shared_ptr<const Bundle> bundle;
  };

  FeatureLog(const std::string& path, int interval);
  void Run();
  void Write(Sample sample);

  const std::string path_;
  const uint64_t interval_;
  std::atomic<uint64_t> requests_ = 0;
  std::ofstream file_;
  uintmax_t size_ = 0;  // Of the file, in whole entries.
  std::mutex mutex_;    // Guards what follows.
  std::condition_variable changed_;
  std::deque<Sample> waiting_;
  uint64_t left_out_ = 0;  // Since last nothing was waiting.
  bool stopping_ = false;
  std::thread writer_;
};

}  // namespace shortlist
