// Logs what the ranker saw of some requests: every interval-th one, computed and written by a
// thread of its own. The request path copies what a sampled request is made of and does nothing
// else; the thread computes the features as the ranker did, from the same request and bundle by the
// same code. Requests that come faster than they can be written are left out, and how many were is
// logged. Those that cannot be replayed (serving/feature_log/logged_features.h) are left out, too.
//
// Thread-safe. Destruction writes what is waiting.
//
//   FeatureSampler sampler(std::move(log), 1000);
//   LocalRankingStage ranking(&sampler);
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "model/bundle.h"
#include "pipeline/ranking_observer.h"
#include "serving/feature_log/feature_log.h"
#include "shortlist/v1/feature_log.pb.h"

namespace shortlist {

class FeatureSampler : public RankingObserver {
 public:
  // Samples every interval-th request, beginning with the first; `interval` is 1 or more.
  FeatureSampler(std::unique_ptr<FeatureLog> log, int interval);
  ~FeatureSampler() override;

  void OnRank(const BoundQuery& query, std::span<const Candidate> candidates) override;

 private:
  struct Sample {
    v1::FeatureLogEntry entry;
    std::shared_ptr<const Bundle> bundle;
  };

  void Run();
  void Write(Sample sample);

  const std::unique_ptr<FeatureLog> log_;
  const uint64_t interval_;
  std::atomic<uint64_t> requests_ = 0;
  std::mutex mutex_;  // Guards what follows.
  std::condition_variable changed_;
  std::deque<Sample> waiting_;
  uint64_t left_out_ = 0;  // Since last nothing was waiting.
  bool stopping_ = false;
  std::thread writer_;
};

}  // namespace shortlist
