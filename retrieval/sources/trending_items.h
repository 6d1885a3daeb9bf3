// The items that most was done with lately: a counter for each, by id, whose past counts half after
// every half-life. A counter of less than a thousandth of an event is dropped sooner or later.
//
// Thread-safe. Nothing is seen of what was added until Publish.
//
//   TrendingItems trending(absl::Hours(24));
//   trending.Add("318", event_time_ms, 1);
//   trending.Publish();
//   trending.Latest()->front()   // the id of the item of the largest counter
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "common/snapshot.h"

namespace shortlist {

class TrendingItems {
 public:
  // Of the largest counters.
  static constexpr size_t kMost = 10'000;
  // After so many half-lives an event counts less than a thousandth.
  static constexpr int kHalfLivesKept = 10;

  explicit TrendingItems(absl::Duration half_life);

  absl::Duration half_life() const { return half_life_; }

  // Something worth `worth`, above 0, was done with the item at that time since the Unix epoch.
  void Add(std::string_view item_id, int64_t time_ms, float worth);
  // Brings Latest up to date, if anything was added.
  void Publish();

  // Largest counter first, equal ones by id; at most kMost. Never null.
  std::shared_ptr<const std::vector<std::string>> Latest() const { return latest_.Get(); }

 private:
  // How many half-lives the time is after the begin.
  double HalfLivesOf(int64_t time_ms) const;
  // Makes a later time the begin, so that counters stay numbers, and drops small ones.
  void BeginAt(int64_t time_ms);

  const absl::Duration half_life_;
  std::mutex mutex_;  // Guards what follows.
  // Sums of worth times 2 to the half-lives after the begin: so their order stays as it is while
  // time goes by.
  absl::flat_hash_map<std::string, double> counters_;
  int64_t begin_ms_ = 0;
  bool is_changed_ = false;
  Snapshot<std::vector<std::string>> latest_;
};

}  // namespace shortlist
